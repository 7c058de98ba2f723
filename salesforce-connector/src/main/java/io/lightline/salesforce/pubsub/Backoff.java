package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses with full jitter: each one is random between nothing and a bound that doubles from the first to the longest. Not
 * thread-safe.
 */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration bound;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.bound = first;
    }

    Duration next() {
        Duration pause = Duration.ofNanos(random.nextLong(bound.toNanos() + 1));
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause;
    }

    void reset() {
        bound = first;
    }
}
