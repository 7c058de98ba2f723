package io.lightline.relay.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets through a steady rate, and a burst after a quiet time. Any thread, without a lock: its only state is the time at which
 * the bucket would have been empty had tokens always dripped in (the generic cell rate algorithm, ITU-T I.371).
 */
final class TokenBucket {

    private final long interval;
    private final long capacity;
    private final AtomicLong emptyAt;

    /**
     * Full at first.
     *
     * @param rate tokens a second
     * @param burst tokens that it holds
     * @param now as {@link System#nanoTime}
     */
    TokenBucket(int rate, int burst, long now) {
        interval = Duration.ofSeconds(1).toNanos() / rate;
        capacity = interval * burst;
        emptyAt = new AtomicLong(now - capacity);
    }

    /** Whether there was a token, which is then gone. */
    boolean take(long now) {
        while (true) {
            long before = emptyAt.get();
            long after = Math.max(before, now - capacity) + interval;
            if (after > now) {
                return false;
            }
            if (emptyAt.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
