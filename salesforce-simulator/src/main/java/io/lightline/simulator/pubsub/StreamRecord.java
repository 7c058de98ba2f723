package io.lightline.simulator.pubsub;

import io.lightline.simulator.event.ReplayId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The life of a subscription, from the request that names its topic to its end. Written by one thread at a time, read by any. */
final class StreamRecord {

    private final long id;
    private final String topic;
    private final String client;
    private final Instant opened;
    private final ReplayId from;
    private volatile Progress progress;
    private volatile @Nullable End end;

    StreamRecord(long id, String topic, String client, Instant opened, ReplayId from) {
        this.id = id;
        this.topic = topic;
        this.client = client;
        this.opened = opened;
        this.from = from;
        this.progress = new Progress(from, 0, 0, 0);
    }

    private record Progress(ReplayId position, long events, long responses, int pending) {}

    private record End(Instant at, String how) {}

    void at(ReplayId position, int pending) {
        progress = new Progress(position, progress.events(), progress.responses(), pending);
    }

    void sent(int events) {
        var before = progress;
        progress = new Progress(before.position(), before.events() + events, before.responses() + 1, before.pending());
    }

    void end(Instant at, String how) {
        end = new End(at, how);
    }

    long id() {
        return id;
    }

    StreamInfo info() {
        var now = progress;
        var ended = end;
        return new StreamInfo(
                id,
                topic,
                client,
                opened,
                ended == null ? null : ended.at(),
                ended == null ? null : ended.how(),
                from.hex(),
                now.position().hex(),
                now.pending(),
                now.events(),
                now.responses());
    }

    boolean ended() {
        return end != null;
    }

    String topic() {
        return topic;
    }

    Instant opened() {
        return opened;
    }

    /** When it ended, or the given moment while it is open. */
    Instant endedOr(Instant now) {
        var ended = end;
        return Objects.requireNonNullElse(ended == null ? null : ended.at(), now);
    }
}
