package io.lightline.simulator.pubsub;

import io.lightline.simulator.org.ManagedEventSubscription;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What one stream holds of its managed subscription, and for how long without a commit. Thread-safe. */
final class ManagedSlot {

    private final ScheduledExecutorService timer;
    private final Duration commitTimeout;
    private @Nullable ManagedEventSubscription subscription;
    private @Nullable Future<?> timeout;

    ManagedSlot(ScheduledExecutorService timer, Duration commitTimeout) {
        this.timer = timer;
        this.commitTimeout = commitTimeout;
    }

    /** False when another stream has it. */
    synchronized boolean take(ManagedEventSubscription wanted) {
        boolean taken = wanted.take(this);
        if (taken) {
            subscription = wanted;
        }
        return taken;
    }

    /** Calls back, on the timer and with the time in seconds, when nothing is committed for too long from now on. */
    synchronized void expectCommit(LongConsumer onTimeout) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        timeout = timer.schedule(
                () -> onTimeout.accept(commitTimeout.toSeconds()), commitTimeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The stream has ended; the subscription is free after the time. */
    synchronized void release(Duration hold) {
        if (subscription != null) {
            subscription.release(this, hold);
        }
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
