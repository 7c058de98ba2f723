package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Rings once, on the connector's thread, unless it is set anew or stopped before. To be used on that thread only. */
final class Alarm {

    private final ScheduledExecutorService thread;
    private final Runnable ring;
    private @Nullable ScheduledFuture<?> pending;

    Alarm(ScheduledExecutorService thread, Runnable ring) {
        this.thread = thread;
        this.ring = ring;
    }

    void set(Duration delay) {
        stop();
        pending = thread.schedule(ring, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
