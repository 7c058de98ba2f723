package io.lightline.relay.hub;

import io.opentelemetry.api.trace.Span;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The span of one publication on its way to this pod's subscribers, however many they are. Each event loop that has some holds it until
 * it has flushed them; the last one to release it ends it. Any thread.
 */
final class FanoutTrace {

    private final Span span;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final AtomicInteger due = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();

    /** Held by whoever makes it. */
    FanoutTrace(Span span) {
        this.span = span;
    }

    void retain() {
        holders.incrementAndGet();
    }

    /** One loop's part of the subscribers. */
    void reached(int dueThere, int deliveredThere) {
        due.addAndGet(dueThere);
        delivered.addAndGet(deliveredThere);
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            span.setAttribute("lightline.subscribers", due.get());
            span.setAttribute("lightline.delivered", delivered.get());
            span.end();
        }
    }
}
