package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts for {@link StreamStatus}, of one topic. Written on the connector's thread, read on any. */
public final class StreamStatistics {

    /** Causes that are told apart; Salesforce has some forty. */
    private static final int MOST_CAUSES = 60;

    private final LongAdder received = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();
    private final List<Consumer<String>> causeListeners = new ArrayList<>();
    private volatile int unanswered;
    private volatile long credits;
    private volatile @Nullable Instant lastResponse;
    private volatile @Nullable Instant lastCheckpoint;
    private volatile Duration lag = Duration.ZERO;
    private volatile String rpcId = "";
    private volatile String traceId = "";

    void opened(String newTraceId) {
        traceId = newTraceId;
    }

    void responded(int events, String newRpcId) {
        lastResponse = Instant.now();
        received.add(events);
        rpcId = newRpcId.isEmpty() ? rpcId : newRpcId;
    }

    void handedOn(TopicItem item, int nowUnanswered) {
        unanswered = nowUnanswered;
        switch (item) {
            case SalesforceEvent event -> {
                delivered.increment();
                if (event.occurred() != null) {
                    lag = Duration.between(event.occurred(), Instant.now());
                }
            }
            case UndecodableEvent _ -> undecodable.increment();
            case Gap _ -> {
                // Was counted when it was found.
            }
        }
    }

    void malformed() {
        undecodable.increment();
    }

    void discarded(int events) {
        discarded.add(events);
    }

    void acknowledged(int nowUnanswered, boolean checkpointMoved) {
        unanswered = nowUnanswered;
        if (checkpointMoved) {
            checkpointed();
        }
    }

    void refused(int nowUnanswered) {
        unanswered = nowUnanswered;
        refused.increment();
    }

    void checkpointed() {
        lastCheckpoint = Instant.now();
    }

    void credits(long outstanding) {
        credits = outstanding;
    }

    void gap() {
        gaps.increment();
    }

    void ended(PubSubFailure failure) {
        rpcId = failure.rpcId().isEmpty() ? rpcId : failure.rpcId();
        ended(failure.cause());
    }

    void ended(String cause) {
        String known = ends.size() < MOST_CAUSES || ends.containsKey(cause) ? cause : "other";
        LongAdder counted = ends.get(known);
        if (counted == null) {
            counted = newCause(known);
        }
        counted.increment();
    }

    private synchronized LongAdder newCause(String cause) {
        var count = new LongAdder();
        ends.put(cause, count);
        causeListeners.forEach(listener -> listener.accept(cause));
        return count;
    }

    /** @return ends it */
    synchronized Runnable eachCause(Consumer<String> listener) {
        ends.keySet().forEach(listener);
        causeListeners.add(listener);
        return () -> forget(listener);
    }

    private synchronized void forget(Consumer<String> listener) {
        causeListeners.remove(listener);
    }

    StreamStatus status(String topic, boolean ready, boolean halted, String state) {
        return new StreamStatus(
                topic,
                ready,
                halted,
                state,
                received.sum(),
                delivered.sum(),
                undecodable.sum(),
                discarded.sum(),
                refused.sum(),
                gaps.sum(),
                ends.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, end -> end.getValue().sum())),
                unanswered,
                credits,
                Optional.ofNullable(lastResponse),
                Optional.ofNullable(lastCheckpoint),
                lag,
                rpcId,
                traceId);
    }
}
