package io.lightline.publisher.source;

import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a topic, whoever reads it: for health and metrics. Written on one thread, read on any. */
public final class Topic {

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(20);

    static final String NOT_HERE = "not read by this replica";

    private final TopicName name;
    private volatile Now now = new Now(Totals.NONE, null, Totals.NONE, NOT_HERE, Instant.now());

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
                || present.stream.status().halted()
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
    public Totals totals() {
        return now.totals();
    }

    void begins(SalesforceStream stream) {
        // An org that stays open goes on with the counts of the topic's stream before.
        now = new Now(now.totals(), stream, Totals.of(stream.status()), "", Instant.now());
    }

    void ends(String note) {
        now = new Now(now.totals(), null, Totals.NONE, note, Instant.now());
    }

    private record Now(Totals before, @Nullable SalesforceStream stream, Totals base, String note, Instant since) {

        Totals totals() {
            return stream == null
                    ? before
                    : before.plus(Totals.of(stream.status()).minus(base));
        }
    }

    /** Counts of {@link StreamStatus} that only grow. */
    public record Totals(
            long received,
            long delivered,
            long undecodable,
            long discarded,
            long refused,
            long gaps,
            Map<String, Long> ends) {

        private static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, Map.of());

        private static Totals of(StreamStatus status) {
            return new Totals(
                    status.received(),
                    status.delivered(),
                    status.undecodable(),
                    status.discarded(),
                    status.refused(),
                    status.gaps(),
                    status.ends());
        }

        private Totals plus(Totals other) {
            return with(other, 1);
        }

        private Totals minus(Totals other) {
            return with(other, -1);
        }

        private Totals with(Totals other, int sign) {
            var sum = new HashMap<>(ends);
            other.ends.forEach((cause, count) -> sum.merge(cause, sign * count, Long::sum));
            return new Totals(
                    received + sign * other.received,
                    delivered + sign * other.delivered,
                    undecodable + sign * other.undecodable,
                    discarded + sign * other.discarded,
                    refused + sign * other.refused,
                    gaps + sign * other.gaps,
                    sum);
        }
    }
}
