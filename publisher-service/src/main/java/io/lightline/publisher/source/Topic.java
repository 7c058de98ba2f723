package io.lightline.publisher.source;

import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A topic that is configured, whoever reads it: what health and metrics say of it. Written on one thread, read on any. */
public final class Topic {

    /** After that long, a topic that does not bring anything yet has some trouble. */
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(20);

    private static final String NOT_HERE = "not read by this replica";

    private final TopicName name;
    private volatile Now now = new Now(null, NOT_HERE, Instant.now());

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
        if (present.stream == null) {
            return true;
        }
        StreamStatus status = present.stream.status();
        return status.ready()
                || status.halted()
                || Duration.between(present.since, Instant.now()).compareTo(BEGIN_LIMIT) > 0;
    }

    /** For people. */
    public String state() {
        Now present = now;
        return present.stream == null ? present.note : present.stream.status().state();
    }

    void begins(SalesforceStream stream) {
        now = new Now(stream, "", Instant.now());
    }

    void ends() {
        fails(NOT_HERE);
    }

    /** It is not read, although it should be. */
    void fails(String reason) {
        now = new Now(null, reason, Instant.now());
    }

    private record Now(@Nullable SalesforceStream stream, String note, Instant since) {}
}
