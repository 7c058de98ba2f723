package io.lightline.relay.hub;

import java.time.Duration;

/**
 * How many join and leave events of one channel go out: a steady rate, and a burst after a quiet time. Its state is the time at
 * which it would have been used up had it always been filled (the generic cell rate algorithm, ITU-T I.371). Delivery thread only.
 */
final class PresenceBudget {

    private final long interval;
    private final long capacity;
    private long usedUpAt;

    /**
     * Full at first.
     *
     * @param rate events a second
     * @param burst events that may go out at once
     * @param now as {@link System#nanoTime}
     */
    PresenceBudget(int rate, int burst, long now) {
        interval = Duration.ofSeconds(1).toNanos() / rate;
        capacity = interval * burst;
        usedUpAt = now - capacity;
    }

    /** Whether one more may go out, which then is used. */
    boolean take(long now) {
        long after = Math.max(usedUpAt, now - capacity) + interval;
        if (after > now) {
            return false;
        }
        usedUpAt = after;
        return true;
    }
}
