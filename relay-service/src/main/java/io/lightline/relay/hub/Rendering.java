package io.lightline.relay.hub;

import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One publication or event on its way to subscribers: rendered in an encoding when the first one needs it, shared by all others.
 * Delivery thread only; whoever makes it closes it.
 */
final class Rendering implements AutoCloseable {

    private final Function<Encoding, ServerFrame> renderer;
    private final boolean notice;
    private final @Nullable FanoutTrace trace;
    private final Map<Encoding, ServerFrame> frames = new EnumMap<>(Encoding.class);

    /** Without a trace. */
    Rendering(boolean notice, Function<Encoding, ServerFrame> renderer) {
        this(notice, null, renderer);
    }

    /**
     * @param notice whether it is one that each subscriber gets, also those who want the latest publication only
     * @param trace of a sampled publication; released at the end
     * @param renderer makes frames that the caller releases
     */
    Rendering(boolean notice, @Nullable FanoutTrace trace, Function<Encoding, ServerFrame> renderer) {
        this.notice = notice;
        this.trace = trace;
        this.renderer = renderer;
    }

    boolean notice() {
        return notice;
    }

    /** Null for all but sampled publications. */
    @Nullable
    FanoutTrace trace() {
        return trace;
    }

    /** The frame is borrowed: retain it to keep it. */
    ServerFrame in(Encoding encoding) {
        return frames.computeIfAbsent(encoding, renderer);
    }

    @Override
    public void close() {
        frames.values().forEach(ServerFrame::release);
        if (trace != null) {
            trace.release();
        }
    }
}
