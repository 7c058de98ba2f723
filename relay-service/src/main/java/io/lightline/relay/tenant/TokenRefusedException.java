package io.lightline.relay.tenant;

import io.lightline.relay.protocol.CloseCode;

/** A token that lets nobody in. The message says why, without the token. */
public final class TokenRefusedException extends RuntimeException {

    /** Each with the code that a connection is closed with because of it. */
    public enum Reason {
        /** There is none, and one is needed. */
        MISSING(CloseCode.INVALID_TOKEN),
        /** No JWT, or one whose claims make no sense. */
        MALFORMED(CloseCode.INVALID_TOKEN),
        /** No tenant, or not this one, has the {@code iss}. */
        UNKNOWN_ISSUER(CloseCode.UNKNOWN_ISSUER),
        /** No key of the issuer made it. */
        BAD_SIGNATURE(CloseCode.BAD_SIGNATURE),
        /** {@code none}, or one that does not go with the issuer's keys. */
        ALGORITHM(CloseCode.ALGORITHM_NOT_ALLOWED),
        /** Get a new one. A connect or refresh with it is answered with error 109 instead of a close. */
        EXPIRED(CloseCode.EXPIRED),
        /** Its {@code nbf} lies ahead. */
        NOT_YET_VALID(CloseCode.TOKEN_NOT_YET_VALID),
        /** Its {@code aud} is for somebody else. */
        WRONG_AUDIENCE(CloseCode.WRONG_AUDIENCE),
        /** The page comes from an origin that is not the tenant's. */
        FOREIGN_ORIGIN(CloseCode.ORIGIN_NOT_ALLOWED),
        /** The user's tokens of that time were revoked. */
        REVOKED(CloseCode.TOKEN_REVOKED),
        /** A subscription token of another user or for another channel. */
        WRONG_SUBSCRIPTION(CloseCode.INVALID_TOKEN),
        /** The issuer's keys are out of reach, so nobody knows; trying again is right. */
        UNAVAILABLE(CloseCode.SERVER_ERROR);

        private final CloseCode closeCode;

        Reason(CloseCode closeCode) {
            this.closeCode = closeCode;
        }

        public CloseCode closeCode() {
            return closeCode;
        }
    }

    private final Reason reason;

    TokenRefusedException(Reason reason, String message) {
        // An answer to a client, and a cheap one: forgers get many of them.
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
