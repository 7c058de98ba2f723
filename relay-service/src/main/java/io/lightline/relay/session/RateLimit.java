package io.lightline.relay.session;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket: so many a second, and after a pause a burst. Whoever goes on far beyond it, by another burst, floods. For one
 * thread.
 */
final class RateLimit {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final int perSecond;
    private final int burst;
    private double left;
    private Instant filled;

    RateLimit(int perSecond, int burst, Instant now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.filled = now;
    }

    /** What to do with one more. */
    enum Answer {
        TAKE,
        REFUSE,
        FLOOD
    }

    Answer take(Instant now) {
        double seconds = Math.max(0, Duration.between(filled, now).toNanos() / NANOS);
        left = Math.min(burst, left + seconds * perSecond);
        filled = now;
        // Who goes on all the same does not have to wait the longer for it.
        left = Math.max(left - 1, -burst - 1.0);
        if (left >= 0) {
            return Answer.TAKE;
        }
        return left >= -burst ? Answer.REFUSE : Answer.FLOOD;
    }
}
