package io.lightline.simulator.load;

import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.NumberedEvents;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A source of events on one topic: at a rate, or as fast as its subscribers take them. It never runs further ahead of the slowest
 * of them than half of what the bus keeps, so that none loses what it has not read.
 *
 * <p>Runs on a thread of its own, on which the subscriptions also send; any thread may watch or stop it.
 */
final class Load implements Runnable {

    private static final int BATCH = 100;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventBus bus;
    private final String topic;
    private final NumberedEvents events;
    private final double eventsPerSecond;
    private final long count;
    private final IntSupplier behind;
    private volatile long produced;
    private volatile long heldBackNanos;
    private volatile long startedAt;
    private volatile long endedAt;
    private volatile boolean stopped;

    /**
     * @param eventsPerSecond 0 for as fast as possible
     * @param count 0 for without end
     * @param behind how many events the slowest subscriber has before it
     */
    Load(EventBus bus, String topic, NumberedEvents events, double eventsPerSecond, long count, IntSupplier behind) {
        this.bus = bus;
        this.topic = topic;
        this.events = events;
        this.eventsPerSecond = eventsPerSecond;
        this.count = count;
        this.behind = behind;
    }

    @Override
    public void run() {
        startedAt = System.nanoTime();
        while (!stopped && (count == 0 || produced < count)) {
            int due = due();
            if (due == 0) {
                LockSupport.parkNanos(PAUSE);
            } else if (behind.getAsInt() + due > bus.capacity() / 2) {
                long since = System.nanoTime();
                LockSupport.parkNanos(PAUSE);
                heldBackNanos += System.nanoTime() - since;
            } else {
                bus.append(topic, events.next(produced + 1, due));
                produced += due;
            }
        }
        endedAt = System.nanoTime();
    }

    void stop() {
        stopped = true;
    }

    LoadInfo info(String id) {
        var ended = endedAt;
        long nanos = startedAt == 0 ? 0 : (ended == 0 ? System.nanoTime() : ended) - startedAt;
        return new LoadInfo(
                id,
                topic,
                produced,
                nanos == 0 ? 0 : produced * 1e9 / nanos,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                TimeUnit.NANOSECONDS.toMillis(heldBackNanos),
                ended == 0);
    }

    private int due() {
        long left = count == 0 ? BATCH : Math.min(BATCH, count - produced);
        if (eventsPerSecond == 0) {
            return (int) left;
        }
        double target = (System.nanoTime() - startedAt) * eventsPerSecond / 1e9;
        return (int) Math.max(0, Math.min(left, (long) target - produced));
    }
}
