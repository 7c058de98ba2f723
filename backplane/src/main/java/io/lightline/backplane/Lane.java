package io.lightline.backplane;

import io.lightline.backplane.OutgoingPublication.Origin;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * The way of one channel's source into the backplane. One call is in flight; what comes meanwhile waits and goes together in
 * the next, in its order. When a call fails, so does all that waits and builds on it; what comes later and builds on it is for
 * the store to refuse. Lives on the delivery thread. Holds no more than the sink lets in.
 */
final class Lane {

    static final int MAX_EVENTS = 100;
    private static final long MAX_BYTES = 1 << 20;
    /** Of one lane; others want to send as well. */
    private static final int DERIVED_AT_ONCE = 8;
    /** A derived channel has no source of its own: the ids of the events alone keep it from repetitions. */
    private static final Checkpoint NO_SOURCE = Checkpoint.stay(Optional.empty(), 0);

    /** Hears what becomes of the entries, each of which it is told once. */
    interface Outcome {

        void published(List<Entry> entries, Copied copied);

        void failed(List<Entry> entries, Throwable cause);

        /** Nothing waits and nothing is in flight: the lane may be forgotten. */
        void idle(ChannelName channel);
    }

    private final ChannelName channel;
    private final Retention retention;
    private final Backplane backplane;
    private final Outcome outcome;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private boolean busy;
    /** Of the call before, if it succeeded. */
    private @Nullable Checkpoint last;

    Lane(ChannelName channel, Retention retention, Backplane backplane, Outcome outcome) {
        this.channel = channel;
        this.retention = retention;
        this.backplane = backplane;
        this.outcome = outcome;
    }

    void add(Entry entry) {
        waiting.add(entry);
        if (!busy) {
            busy = true;
            sendSoon();
        }
    }

    /** Not at once: what is about to come on this thread goes along, and failures that come at once do not nest. */
    private void sendSoon() {
        backplane.deliveryThread().execute(this::send);
    }

    private void send() {
        if (waiting.isEmpty()) {
            busy = false;
            outcome.idle(channel);
            return;
        }
        List<Entry> batch = nextBatch();
        Uni.createFrom()
                .deferred(() -> publishDerived(batch))
                .onItem()
                .transformToUni(_ -> publish(batch))
                .subscribe()
                .with(copied -> published(batch, copied), cause -> failed(batch, cause));
    }

    private List<Entry> nextBatch() {
        var batch = new ArrayList<Entry>();
        var ids = new HashSet<String>();
        long bytes = 0;
        for (Entry next = waiting.peek(); next != null; next = waiting.peek()) {
            bytes += next.bytes;
            boolean fits = batch.isEmpty()
                    || (batch.size() < MAX_EVENTS
                            && bytes <= MAX_BYTES
                            && batch.getLast().checkpoint().leadsTo(next.checkpoint()));
            if (!fits || !ids.add(next.origin.eventId())) {
                break;
            }
            batch.add(waiting.remove());
        }
        return batch;
    }

    private Uni<Copied> publish(List<Entry> batch) {
        Checkpoint all =
                batch.stream().map(Entry::checkpoint).reduce(Checkpoint::then).orElseThrow();
        List<SourceEvent> events = batch.stream()
                .filter(entry -> !entry.elsewhere)
                .map(Entry::event)
                .toList();
        return backplane.publishFrom(channel, events, retention, all);
    }

    /**
     * All of them are answered before this is; one that failed may come again, because it is known by its id. None goes
     * before it is certain that everything before it has: also what builds on a message that failed may come in here.
     */
    private Uni<Void> publishDerived(List<Entry> batch) {
        Map<ChannelName, List<SourceEvent>> events = new LinkedHashMap<>();
        for (Entry entry : batch) {
            for (ChannelName derived : entry.derived) {
                events.computeIfAbsent(derived, _ -> new ArrayList<>()).add(entry.event());
            }
        }
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Checkpoint first = batch.getFirst().checkpoint();
        return last != null && last.leadsTo(first)
                ? publishDerived(events)
                : backplane
                        .publishFrom(channel, List.of(), retention, Checkpoint.stay(first.expected(), first.fence()))
                        .onItem()
                        .transformToUni(_ -> publishDerived(events));
    }

    private Uni<Void> publishDerived(Map<ChannelName, List<SourceEvent>> events) {
        return Multi.createFrom()
                .iterable(events.entrySet())
                .onItem()
                .transformToUni(derived -> publishDerived(derived.getKey(), derived.getValue()))
                .merge(DERIVED_AT_ONCE)
                .collect()
                .asList()
                .onItem()
                .transformToUni(failures -> failures.stream()
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(cause -> Uni.createFrom().<Void>failure(cause))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Answers with the failure, so that the others are waited for all the same. */
    private Uni<Optional<Throwable>> publishDerived(ChannelName derived, List<SourceEvent> events) {
        return backplane
                .publishFrom(derived, events, retention, NO_SOURCE)
                .onFailure(cause -> cause instanceof CheckpointConflictException || cause instanceof FencedException)
                .transform(cause -> new IllegalStateException(
                        "Channel " + derived + " has a source of its own, so it cannot be derived from " + channel,
                        cause))
                .onItemOrFailure()
                .transform((_, failure) -> Optional.ofNullable(failure));
    }

    private void published(List<Entry> batch, Copied copied) {
        last = batch.getLast().checkpoint();
        outcome.published(batch, copied);
        sendSoon();
    }

    private void failed(List<Entry> batch, Throwable cause) {
        last = null;
        var failed = new ArrayList<>(batch);
        for (Entry next = waiting.peek();
                next != null && failed.getLast().checkpoint().leadsTo(next.checkpoint());
                next = waiting.peek()) {
            failed.add(waiting.remove());
        }
        outcome.failed(failed, cause);
        sendSoon();
    }

    /** A message on its way. */
    record Entry(
            Message<?> message, Origin origin, List<ChannelName> derived, boolean elsewhere, Draft draft, long bytes) {

        Entry(Message<?> message, Origin origin, List<ChannelName> derived, boolean elsewhere, Draft draft) {
            this(message, origin, derived, elsewhere, draft, Envelope.length(draft));
        }

        Checkpoint checkpoint() {
            return origin.checkpoint();
        }

        SourceEvent event() {
            return new SourceEvent(origin.eventId(), draft);
        }
    }
}
