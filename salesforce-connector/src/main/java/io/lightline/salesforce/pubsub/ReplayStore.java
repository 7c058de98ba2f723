package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.ReplayId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Where a consumer keeps how far it has dealt with a topic. To be implemented, as a CDI bean, by applications that store the
 * checkpoint of an event ({@code SalesforceEvent#replayId}) together with what they make of the event. Without one, a topic
 * starts anew at {@code initial-replay} with each start of the process.
 *
 * <p>Called on the connector's thread and must not block. An answer that takes longer than {@code store-timeout} counts as a
 * failure; the stream then pauses and asks again.
 */
public interface ReplayStore {

    /**
     * The checkpoint in force. Asked at the start and after each event that was not acknowledged. A store that has lost it
     * answers with nothing: the stream then goes on from its own memory, and its next event names no checkpoint before it.
     */
    Uni<Optional<ReplayId>> load(String topic);

    /**
     * Nothing happened on the topic, but the org's bus has moved on to {@code latest}: to be stored, or the checkpoint of a
     * quiet topic falls out of Salesforce's 72 hours. Only called while no event is unanswered; no event comes meanwhile.
     *
     * @param previous the checkpoint that must be in force; a failure when another one is
     */
    Uni<Void> idle(String topic, Optional<ReplayId> previous, ReplayId latest);

    /** Keeps nothing: a stream goes on from its own memory, and starts anew at its {@link InitialReplay} with the process. */
    static ReplayStore none() {
        return new ReplayStore() {
            @Override
            public Uni<Optional<ReplayId>> load(String topic) {
                return Uni.createFrom().item(Optional.empty());
            }

            @Override
            public Uni<Void> idle(String topic, Optional<ReplayId> previous, ReplayId latest) {
                return Uni.createFrom().voidItem();
            }
        };
    }
}
