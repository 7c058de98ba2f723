package io.lightline.relay.hub;

import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One publication or event on its way to subscribers: rendered in an encoding when the first one needs it, shared by all others.
 * Delivery thread only; whoever makes it closes it.
 */
final class Rendering implements AutoCloseable {

    private final Function<Encoding, ServerFrame> renderer;
    private final boolean notice;
    private final Map<Encoding, ServerFrame> frames = new EnumMap<>(Encoding.class);

    /**
     * @param notice whether it is one that each subscriber gets, also those who want the latest publication only
     * @param renderer makes frames that the caller releases
     */
    Rendering(boolean notice, Function<Encoding, ServerFrame> renderer) {
        this.notice = notice;
        this.renderer = renderer;
    }

    boolean notice() {
        return notice;
    }

    /** The frame is borrowed: retain it to keep it. */
    ServerFrame in(Encoding encoding) {
        return frames.computeIfAbsent(encoding, renderer);
    }

    @Override
    public void close() {
        frames.values().forEach(ServerFrame::release);
    }
}
