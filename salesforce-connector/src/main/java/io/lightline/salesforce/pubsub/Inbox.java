package io.lightline.salesforce.pubsub;

import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEventException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What came with one response and was not handed on yet. Not thread-safe. */
final class Inbox {

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final EventReader reader;
    private final SchemaCache schemas;

    Inbox(EventReader reader, SchemaCache schemas) {
        this.reader = reader;
        this.schemas = schemas;
    }

    private record Waiting(ConsumerEvent event, Instant received) {}

    void add(List<ConsumerEvent> events) {
        Instant now = Instant.now();
        events.forEach(event -> waiting.add(new Waiting(event, now)));
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** When the first one came. */
    Instant received() {
        return waiting.element().received;
    }

    /** What reads the first one; its schema may have to be asked for. */
    CompletableFuture<EventDecoder> decoder() {
        return schemas.decoder(waiting.element().event.getEvent().getSchemaId());
    }

    /**
     * Takes the first one out, once its decoder has come.
     *
     * @param previous the checkpoint that it follows
     * @return null for one without a replay id: it has no place in the topic, so nobody could acknowledge it
     * @throws CompletionException when its schema cannot be had now; it stays
     */
    @Nullable
    TopicItem take(CompletableFuture<EventDecoder> decoder, @Nullable ReplayId previous) {
        ConsumerEvent event = waiting.element().event;
        try {
            TopicItem read = reader.read(event, decoder.join(), previous);
            waiting.remove();
            return read;
        } catch (UndecodableEventException e) {
            return takeUnread(e, previous);
        } catch (CompletionException e) {
            if (SchemaCache.cause(e) instanceof UndecodableEventException undecodable) {
                return takeUnread(undecodable, previous);
            }
            throw e;
        }
    }

    private @Nullable TopicItem takeUnread(UndecodableEventException cause, @Nullable ReplayId previous) {
        ConsumerEvent event = waiting.remove().event;
        return event.getReplayId().isEmpty() ? null : reader.unread(event, previous, cause);
    }
}
