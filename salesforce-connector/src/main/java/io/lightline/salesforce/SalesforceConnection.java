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
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What one SmallRye stream holds open: an org, and a stream for each topic. */
final class SalesforceConnection {

    private final SalesforceOrg org;
    private final List<SalesforceStream> streams;
    private final int window;

    private SalesforceConnection(SalesforceOrg org, List<SalesforceStream> streams, int window) {
        this.org = org;
        this.streams = streams;
        this.window = window;
    }

    /** Connects to nothing yet: the streams do when they are subscribed to. */
    static SalesforceConnection open(ConnectorSettings settings, ReplayStore store) {
        SalesforceOrg org = SalesforceOrg.open(settings.org());
        List<SalesforceStream> streams = settings.topics().stream()
                .map(topic -> org.stream(topic, store))
                .toList();
        return new SalesforceConnection(
                org, streams, settings.topics().getFirst().window());
    }

    /**
     * All topics in one; the events of each keep their order. A single topic goes the same way: SmallRye asks for one message
     * at a time when a method sits in between, and one credit at a time is one round trip to Salesforce for each event.
     */
    Flow.Publisher<? extends Message<SalesforceEvent>> events() {
        // Mutiny's merge of one stream would be that stream; a flattening of it is not.
        return Multi.createFrom()
                .iterable(streams)
                .onItem()
                .transformToMulti(SalesforceConnection::events)
                .withRequests(window)
                .merge(streams.size());
    }

    private static Multi<Message<SalesforceEvent>> events(SalesforceStream stream) {
        return Multi.createFrom()
                .publisher(stream)
                .select()
                .where(SalesforceConnection::wanted)
                .map(message -> {
                    return message.withPayload((SalesforceEvent) message.getPayload());
                });
    }

    private static boolean wanted(Message<TopicItem> message) {
        return switch (message.getPayload()) {
            case SalesforceEvent _ -> true;
            case UndecodableEvent _, Gap _ -> {
                var _ = message.ack();
                yield false;
            }
        };
    }

    List<StreamStatus> status() {
        return streams.stream().map(SalesforceStream::status).toList();
    }

    boolean ready() {
        return status().stream().allMatch(StreamStatus::ready);
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
