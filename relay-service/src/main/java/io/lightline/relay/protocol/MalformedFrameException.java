package io.lightline.relay.protocol;

/** A frame that is not the client protocol at all, so that no reply could name its command: the connection ends. */
public final class MalformedFrameException extends Exception {

    public MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
