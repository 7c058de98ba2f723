package io.lightline.publisher.source;

import io.lightline.salesforce.event.TopicItem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.Objects;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Any number of topics in one stream; each keeps its order, and topics begin and end while it goes on. Each topic is asked for
 * more than its window, whatever the consumer of the whole asks for: so the window alone says how much of a topic is under way,
 * and a topic of which much is, takes no place from another. What waits here is bounded by the sum of the windows.
 */
final class Intake {

    /** Mutiny asks anew when three quarters have come, so a window of 100 is never left wanting. */
    static final int AHEAD = 400;

    private final Multi<Message<TopicItem>> merged;
    private volatile @Nullable MultiEmitter<? super Multi<Message<TopicItem>>> topics;

    Intake() {
        merged = Multi.createFrom()
                .<Multi<Message<TopicItem>>>emitter(emitter -> topics = emitter)
                .onItem()
                .transformToMulti(topic -> topic)
                .withRequests(AHEAD)
                .merge(Integer.MAX_VALUE);
    }

    /** To be subscribed to once, before the first topic is added. */
    Multi<Message<TopicItem>> merged() {
        return merged;
    }

    /** Subscribes to a topic. */
    void add(Multi<Message<TopicItem>> topic) {
        Objects.requireNonNull(topics, "nobody has subscribed").emit(topic);
    }
}
