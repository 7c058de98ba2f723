package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts for {@link StreamStatus}. Written on the connector's thread, read on any. */
final class StreamStatistics {

    private final LongAdder received = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private volatile int unanswered;
    private volatile @Nullable Instant lastResponse;
    private volatile Duration lag = Duration.ZERO;

    void responded(int events) {
        lastResponse = Instant.now();
        received.add(events);
    }

    void delivered(@Nullable Instant occurred, int nowUnanswered) {
        delivered.increment();
        unanswered = nowUnanswered;
        if (occurred != null) {
            lag = Duration.between(occurred, Instant.now());
        }
    }

    void undecodable() {
        undecodable.increment();
    }

    void discarded(int events) {
        discarded.add(events);
    }

    void refused() {
        refused.increment();
    }

    void unanswered(int now) {
        unanswered = now;
    }

    void gap() {
        gaps.increment();
    }

    void reconnected() {
        reconnects.increment();
    }

    StreamStatus status(String topic, boolean ready, String state) {
        return new StreamStatus(
                topic,
                ready,
                state,
                received.sum(),
                delivered.sum(),
                undecodable.sum(),
                discarded.sum(),
                refused.sum(),
                gaps.sum(),
                reconnects.sum(),
                unanswered,
                Optional.ofNullable(lastResponse),
                lag);
    }
}
