package io.lightline.simulator.pubsub;

import io.lightline.simulator.event.ReplayId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The subscriptions that an org has seen, the latest ten thousand of them. Thread-safe. */
final class StreamHistory {

    private static final int MOST = 10_000;

    private final Deque<StreamRecord> records = new ArrayDeque<>();
    private long opened;

    synchronized StreamRecord open(String topic, String client, ReplayId from) {
        var record = new StreamRecord(++opened, topic, client, Instant.now(), from);
        records.add(record);
        if (records.size() > MOST) {
            records.removeFirst();
        }
        return record;
    }

    /** Forgets those that have ended. */
    synchronized void clear() {
        records.removeIf(StreamRecord::ended);
    }

    synchronized List<StreamRecord> all() {
        return List.copyOf(records);
    }
}
