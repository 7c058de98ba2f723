package io.lightline.relay.protocol;

/**
 * Why the server closes a connection. 3000-3499: the client reconnects; 3500-3999: it stays away. Numbers and reasons are
 * those of the Centrifugo client protocol; a reason fits the 123 bytes of a close frame.
 */
public enum CloseCode {
    SHUTDOWN(3001, "shutdown"),
    SERVER_ERROR(3004, "internal server error"),
    /** The token expired and was not refreshed in time. */
    EXPIRED(3005, "connection expired"),
    /** More bytes wait for this client than it may have; it reconnects and recovers. */
    SLOW(3008, "slow"),
    /** The client did not answer a ping in time. */
    NO_PONG(3012, "no pong"),
    INVALID_TOKEN(3500, "invalid token"),
    BAD_REQUEST(3501, "bad request"),
    /** No connect command in time. */
    STALE(3502, "stale"),
    INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol");

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
