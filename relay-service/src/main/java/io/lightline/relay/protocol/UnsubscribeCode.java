package io.lightline.relay.protocol;

/**
 * Why the server ends a subscription. From 2500 on the client subscribes again by itself, with its last position. Numbers
 * are those of the Centrifugo client protocol.
 */
public enum UnsubscribeCode {
    /** The tenant's back end does not want it on the channel: final. */
    SERVER(2000, "server unsubscribe"),
    /** The channel's stream no longer has what this client misses: its next subscribe says {@code recovered: false}. */
    INSUFFICIENT_STATE(2500, "insufficient state"),
    /** The subscription token ended and was not refreshed in time. */
    EXPIRED(2501, "expired");

    private final int code;
    private final String reason;

    UnsubscribeCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }
}
