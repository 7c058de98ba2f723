package io.lightline.relay.protocol;

/**
 * Why a command was refused. Numbers and meanings are those of the Centrifugo client protocol (its documentation,
 * {@code docs/server/codes.md}).
 */
public enum ErrorCode {
    /** Something failed on our side; trying again is right. */
    INTERNAL(100, "internal server error", true),
    UNAUTHORIZED(101, "unauthorized", false),
    UNKNOWN_CHANNEL(102, "unknown channel", false),
    PERMISSION_DENIED(103, "permission denied", false),
    METHOD_NOT_FOUND(104, "method not found", false),
    ALREADY_SUBSCRIBED(105, "already subscribed", false),
    LIMIT_EXCEEDED(106, "limit exceeded", false),
    BAD_REQUEST(107, "bad request", false),
    /** The protocol knows it, this server (or this channel) does not offer it. */
    NOT_AVAILABLE(108, "not available", false),
    /** The client fetches a new token and comes back at once. */
    TOKEN_EXPIRED(109, "token expired", false),
    TOO_MANY_REQUESTS(111, "too many requests", true),
    UNRECOVERABLE_POSITION(112, "unrecoverable position", false);

    private final int code;
    private final String message;
    private final boolean temporary;

    ErrorCode(int code, String message, boolean temporary) {
        this.code = code;
        this.message = message;
        this.temporary = temporary;
    }

    public int code() {
        return code;
    }

    public String message() {
        return message;
    }

    /** Whether the same command may succeed later. */
    public boolean temporary() {
        return temporary;
    }
}
