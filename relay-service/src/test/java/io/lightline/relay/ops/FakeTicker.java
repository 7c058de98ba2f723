package io.lightline.relay.ops;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Time passes only while somebody sleeps. */
final class FakeTicker implements Ticker {

    private final NavigableMap<Duration, Runnable> plan = new TreeMap<>();
    private Duration now = Duration.ZERO;

    void at(Duration time, Runnable event) {
        plan.put(time, event);
    }

    Duration now() {
        return now;
    }

    @Override
    public long nanos() {
        return now.toNanos();
    }

    @Override
    public void sleep(Duration time) {
        now = now.plus(time);
        Map<Duration, Runnable> due = plan.headMap(now, true);
        due.values().forEach(Runnable::run);
        due.clear();
    }
}
