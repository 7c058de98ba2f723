package io.lightline.relay.protocol;

import java.util.List;

/**
 * Commands from what a client sends, and frames from replies and pushes: one encoding of the Centrifugo client protocol v2. What
 * it does not know is skipped, zero and false are left out. Stateless; callable from any thread; never blocks.
 */
public interface FrameCodec {

    /**
     * Reads every command of a text frame.
     *
     * @throws MalformedFrameException when that is not this encoding; nothing of the frame is to be carried out then
     */
    default List<Request> decode(String frame) throws MalformedFrameException {
        throw MalformedFrameException.inappropriate("a text frame");
    }

    /**
     * Reads every command of a binary frame.
     *
     * @throws MalformedFrameException when that is not this encoding; nothing of the frame is to be carried out then
     */
    default List<Request> decode(byte[] frame) throws MalformedFrameException {
        throw MalformedFrameException.inappropriate("a binary frame");
    }

    /**
     * The caller releases the frame.
     *
     * @param id must be the request's
     */
    ServerFrame encode(long id, Reply reply);

    /** The caller releases the frame. */
    ServerFrame encode(Push push);

    /** What the server says to see whether the client is still there. The caller releases the frame. */
    ServerFrame ping();
}
