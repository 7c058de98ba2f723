package io.lightline.publisher.source;

import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is known of a topic, whoever reads it: for health and metrics. Written on one thread, read on any. */
public final class Topic {

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(20);

    private final TopicName name;
    private volatile Now now = new Now(Totals.NONE, null, "not read by this replica yet", Instant.now());

    Topic(TopicName name) {
        this.name = name;
    }

    public TopicName name() {
        return name;
    }

    /** Whether this replica reads it. */
    public boolean held() {
        return now.stream != null;
    }

    /** False while it begins: events do not arrive yet, and it is too early to say that something is wrong. */
    public boolean settled() {
        Now present = now;
        return present.stream == null
                || present.stream.status().ready()
                || Duration.between(present.since, Instant.now()).compareTo(BEGIN_LIMIT) > 0;
    }

    /** For people. */
    public String state() {
        Now present = now;
        return present.stream == null ? present.note : present.stream.status().state();
    }

    /** How its stream does; empty when another replica reads it. */
    public Optional<StreamStatus> stream() {
        return Optional.ofNullable(now.stream).map(SalesforceStream::status);
    }

    /** Counted since the start of this replica, over all the streams that the topic has had here. */
    public long total(ToLongFunction<Totals> count) {
        Now present = now;
        Totals sum = present.stream == null ? present.ended : present.ended.plus(Totals.of(present.stream.status()));
        return count.applyAsLong(sum);
    }

    void begins(SalesforceStream stream) {
        now = new Now(now.ended, stream, "", Instant.now());
    }

    void ends(String note) {
        Now present = now;
        Totals sum = present.stream == null ? present.ended : present.ended.plus(Totals.of(present.stream.status()));
        now = new Now(sum, null, note, Instant.now());
    }

    private record Now(Totals ended, @Nullable SalesforceStream stream, String note, Instant since) {}

    /** Counts of {@link StreamStatus} that only grow. */
    public record Totals(
            long received, long delivered, long undecodable, long discarded, long refused, long gaps, long reconnects) {

        private static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);

        private static Totals of(StreamStatus status) {
            return new Totals(
                    status.received(),
                    status.delivered(),
                    status.undecodable(),
                    status.discarded(),
                    status.refused(),
                    status.gaps(),
                    status.reconnects());
        }

        private Totals plus(Totals other) {
            return new Totals(
                    received + other.received,
                    delivered + other.delivered,
                    undecodable + other.undecodable,
                    discarded + other.discarded,
                    refused + other.refused,
                    gaps + other.gaps,
                    reconnects + other.reconnects);
        }
    }
}
