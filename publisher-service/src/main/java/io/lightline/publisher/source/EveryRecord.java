package io.lightline.publisher.source;

import io.lightline.backplane.Backplane;
import io.lightline.publisher.route.Reading;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Gives each message its {@link Reading}. What concerns all records of a topic with derived channels, a gap or a change that does not name its records, gets
 * the names of all these channels too; they are looked for meanwhile, and the topic waits.
 */
final class EveryRecord {

    private final Backplane backplane;

    EveryRecord(Backplane backplane) {
        this.backplane = backplane;
    }

    Multi<Message<TopicItem>> attached(Multi<Message<TopicItem>> items, Reading reading) {
        if (!reading.route().records()) {
            return items.map(message -> message.addMetadata(reading));
        }
        // Flattened first, because what follows asks for one message at a time, and one credit at a time is a round
        // trip each.
        return Multi.createFrom()
                .item(items)
                .onItem()
                .transformToMulti(topic -> topic)
                .withRequests(Intake.AHEAD)
                .merge(1)
                .onItem()
                .transformToUniAndConcatenate(message -> attached(message, reading));
    }

    /** Without an item when the channels are not known: the topic is read again then. */
    private Uni<Message<TopicItem>> attached(Message<TopicItem> message, Reading reading) {
        if (!concernsAll(message.getPayload())) {
            return Uni.createFrom().item(message.addMetadata(reading));
        }
        return backplane
                .channels(reading.route().channel().tenant(), reading.route().derivedPrefix())
                .map(channels -> message.addMetadata(reading.concerning(channels)))
                .onFailure()
                .recoverWithUni(cause -> Uni.createFrom()
                        .completionStage(() -> message.nack(cause))
                        .replaceWith(() -> null));
    }

    private static boolean concernsAll(TopicItem item) {
        return switch (item) {
            case Gap _ -> true;
            case SalesforceEvent event ->
                event.change() != null && event.change().concernsUnnamedRecords();
            case UndecodableEvent _ -> false;
        };
    }
}
