package io.lightline.relay.session;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.ServerFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Frames that wait, in order, until the client can make something of them. On the connection's event loop only. */
final class HeldFrames {

    private final Queue<ServerFrame> frames = new ArrayDeque<>(0);
    private long bytes;

    /** Keeps the borrowed frame, unless that makes more than {@code limit} bytes. */
    Delivery hold(ServerFrame frame, long limit) {
        if (bytes + frame.bytes() > limit) {
            return Delivery.SLOW;
        }
        bytes += frame.bytes();
        frames.add(frame.retain());
        return Delivery.DELIVERED;
    }

    /** Hands out all of them, borrowed. */
    void drain(Consumer<ServerFrame> sink) {
        bytes = 0;
        for (ServerFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            sink.accept(frame);
            frame.release();
        }
    }

    void drop() {
        drain(_ -> {});
    }
}
