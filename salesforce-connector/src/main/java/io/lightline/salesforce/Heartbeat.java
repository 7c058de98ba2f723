package io.lightline.salesforce;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells whether a thread still gets round to its work. May be asked from any thread. */
final class Heartbeat {

    private final Duration limit;
    private volatile long last = System.nanoTime();

    /** @param limit a thread that has not beaten for so long is stuck */
    Heartbeat(ScheduledExecutorService thread, Duration interval, Duration limit) {
        this.limit = limit;
        var _ = thread.scheduleAtFixedRate(this::beat, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void beat() {
        last = System.nanoTime();
    }

    boolean beats() {
        return System.nanoTime() - last < limit.toNanos();
    }
}
