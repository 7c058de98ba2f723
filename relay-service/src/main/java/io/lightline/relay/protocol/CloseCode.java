package io.lightline.relay.protocol;

/**
 * Why the server closes a connection. 3000-3499 and 4000-4499: the client reconnects; 3500-3999 and 4500-4999: it stays away.
 * Numbers and reasons below 4000 are those of the Centrifugo client protocol, which leaves the others to applications; a reason
 * fits the 123 bytes of a close frame.
 */
public enum CloseCode {
    SHUTDOWN(3001, "shutdown"),
    SERVER_ERROR(3004, "internal server error"),
    /** The token expired and was not refreshed in time. */
    EXPIRED(3005, "connection expired"),
    /** More bytes wait for this client than it may have; it reconnects and recovers. */
    SLOW(3008, "slow"),
    /** A server-side subscription has lost its place in the stream; the client reconnects and is told so. */
    INSUFFICIENT_STATE(3010, "insufficient state"),
    /** To another pod, or to the same one with a fresh connection. */
    FORCE_RECONNECT(3011, "force reconnect"),
    /** The client did not answer a ping in time. */
    NO_PONG(3012, "no pong"),
    TOO_MANY_REQUESTS(3013, "too many requests"),
    /** No JWT, or none where one is needed. */
    INVALID_TOKEN(3500, "invalid token"),
    BAD_REQUEST(3501, "bad request"),
    /** No connect command in time. */
    STALE(3502, "stale"),
    /** The tenant's back end, or an operator, does not want it here. */
    FORCE_DISCONNECT(3503, "force disconnect"),
    CONNECTION_LIMIT(3504, "connection limit"),
    INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol"),
    /** Of our own, as all that follow: somebody's clock is wrong, and time mends it. */
    TOKEN_NOT_YET_VALID(4000, "token not valid yet"),
    UNKNOWN_ISSUER(4500, "unknown issuer"),
    BAD_SIGNATURE(4501, "signature does not fit"),
    ALGORITHM_NOT_ALLOWED(4502, "algorithm not allowed"),
    WRONG_AUDIENCE(4503, "wrong audience"),
    TOKEN_REVOKED(4504, "token revoked"),
    ORIGIN_NOT_ALLOWED(4505, "origin not allowed");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
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
