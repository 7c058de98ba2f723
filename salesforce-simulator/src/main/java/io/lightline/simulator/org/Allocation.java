package io.lightline.simulator.org;

import java.time.Clock;
import java.time.Duration;
import java.util.TreeMap;

/**
 * What may be used within a rolling time, counted in sixtieths of it. Thread-safe.
 *
 * @see <a href="https://developer.salesforce.com/docs/atlas.en-us.platform_events.meta/platform_events/platform_event_limits.htm">
 *     Platform Event Allocations</a>
 */
public final class Allocation {

    private static final int PARTS = 60;

    private final Clock clock;
    private final long part;
    private final TreeMap<Long, Long> used = new TreeMap<>();
    private long total;
    private int max;
    private boolean enforced;

    Allocation(Clock clock, Duration time, int max, boolean enforced) {
        this.clock = clock;
        this.part = time.toMillis() / PARTS;
        this.max = max;
        this.enforced = enforced;
    }

    public synchronized int max() {
        return max;
    }

    /** What is left, never less than nothing. */
    public synchronized int remaining() {
        forget();
        return (int) Math.max(0, max - total);
    }

    /** How much may be used now: what is left, or any number where nobody looks at it. */
    public synchronized int available() {
        return enforced ? remaining() : Integer.MAX_VALUE;
    }

    public synchronized void use(int count) {
        forget();
        used.merge(now(), (long) count, Long::sum);
        total += count;
    }

    /** Another maximum, from now on; what was used stays used. */
    public synchronized void change(int newMax, boolean isEnforced) {
        max = newMax;
        enforced = isEnforced;
    }

    private void forget() {
        while (!used.isEmpty() && used.firstKey() <= now() - PARTS) {
            total -= used.pollFirstEntry().getValue();
        }
    }

    private long now() {
        return clock.millis() / part;
    }
}
