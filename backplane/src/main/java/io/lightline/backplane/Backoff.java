package io.lightline.backplane;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: anything between nothing and a ceiling that doubles each time («full jitter»), so that many
 * pods do not come back at once.
 */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration ceiling;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.ceiling = first;
    }

    Duration next() {
        var pause = Duration.ofNanos(random.nextLong(ceiling.toNanos() + 1));
        Duration doubled = ceiling.multipliedBy(2);
        ceiling = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause;
    }

    /** The last attempt was a success. */
    void reset() {
        ceiling = first;
    }
}
