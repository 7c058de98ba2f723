package io.lightline.salesforce;

import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What one SmallRye stream holds open: an org, and a stream for each topic. */
final class SalesforceConnection {

    private final ConnectorSettings settings;
    private final SalesforceOrg org;
    private final List<SalesforceStream> streams;
    private final Function<TopicItem, CompletionStage<?>> observers;

    private SalesforceConnection(
            ConnectorSettings settings,
            SalesforceOrg org,
            List<SalesforceStream> streams,
            Function<TopicItem, CompletionStage<?>> observers) {
        this.settings = settings;
        this.org = org;
        this.streams = streams;
        this.observers = observers;
    }

    /**
     * Connects to nothing yet: the streams do when they are subscribed to.
     *
     * @param observers who hears of what is no event, where the consumer wants events only; the topic goes on when they are done
     */
    static SalesforceConnection open(
            ConnectorSettings settings, ReplayStore store, Function<TopicItem, CompletionStage<?>> observers) {
        SalesforceOrg org = SalesforceOrg.open(settings.org());
        List<SalesforceStream> streams = settings.topics().stream()
                .map(topic -> org.stream(topic, store))
                .toList();
        return new SalesforceConnection(settings, org, streams, observers);
    }

    /**
     * All topics in one; the events of each keep their order. A single topic goes the same way: SmallRye asks for one message
     * at a time when a method sits in between, and one credit at a time is one round trip to Salesforce for each event.
     */
    Flow.Publisher<? extends Message<? extends TopicItem>> messages() {
        // Mutiny's merge of one stream would be that stream; a flattening of it is not.
        return Multi.createFrom()
                .iterable(streams)
                .onItem()
                .transformToMulti(this::messages)
                .withRequests(settings.topics().getFirst().window())
                .merge(streams.size());
    }

    private Multi<Message<TopicItem>> messages(SalesforceStream stream) {
        Multi<Message<TopicItem>> all = Multi.createFrom().publisher(stream);
        return switch (settings.items()) {
            case ALL -> all;
            case EVENTS -> all.select().where(this::isEvent);
        };
    }

    private boolean isEvent(Message<TopicItem> message) {
        TopicItem item = message.getPayload();
        return switch (item) {
            case SalesforceEvent _ -> true;
            case UndecodableEvent _, Gap _ -> {
                var _ = observers.apply(item).whenComplete((_, failure) -> answer(message, failure));
                yield false;
            }
        };
    }

    private static void answer(Message<TopicItem> message, Throwable failure) {
        if (failure == null) {
            var _ = message.ack();
        } else {
            var _ = message.nack(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        }
    }

    ConnectorSettings settings() {
        return settings;
    }

    List<SalesforceStream> streams() {
        return streams;
    }

    List<StreamStatus> status() {
        return streams.stream().map(SalesforceStream::status).toList();
    }

    /** Whether each topic has its subscriber, so that the application has come up. */
    boolean started() {
        return streams.stream().allMatch(SalesforceStream::subscribed);
    }

    boolean ready() {
        return status().stream().allMatch(StreamStatus::ready);
    }

    /** False when a consumer has blocked the thread for good. */
    boolean alive() {
        return org.alive();
    }

    /** One clause per topic, for an operator. */
    String describe() {
        return status().stream()
                .map(status -> status.topic() + " " + status.state())
                .collect(Collectors.joining("; "));
    }

    /** Ends all calls; events that are with the consumer may still be answered, to no effect. */
    void close() {
        org.close();
    }
}
