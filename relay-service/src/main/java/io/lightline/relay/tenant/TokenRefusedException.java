package io.lightline.relay.tenant;

/** A token that lets nobody in. The message says why, without the token. */
public final class TokenRefusedException extends Exception {

    /** What the client can do about it. */
    public enum Reason {
        /** Get a new one. */
        EXPIRED,
        /** Nothing: it is not ours, or forged, or there is none and one is needed. */
        INVALID
    }

    private final Reason reason;

    TokenRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
