package io.lightline.relay.protocol;

/** A frame that is not the client protocol at all, so that no reply could name its command: the connection ends. */
public final class MalformedFrameException extends Exception {

    private final CloseCode closeCode;

    MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
        this.closeCode = CloseCode.BAD_REQUEST;
    }

    private MalformedFrameException(CloseCode closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    static MalformedFrameException malformed(String message) {
        return new MalformedFrameException(CloseCode.BAD_REQUEST, message);
    }

    /** Text where binary frames are agreed on, or the other way round. */
    static MalformedFrameException inappropriate(String message) {
        return new MalformedFrameException(CloseCode.INAPPROPRIATE_PROTOCOL, message);
    }

    /** With which it ends. */
    public CloseCode closeCode() {
        return closeCode;
    }
}
