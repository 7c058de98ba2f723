package io.lightline.publisher.bridge;

import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.Draft;
import io.lightline.backplane.OutgoingPublication;
import io.lightline.backplane.RawJson;
import io.lightline.publisher.route.Routes;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * Makes a publication of each Salesforce event. The answer of the backplane goes back to the event: acknowledged, it moves the
 * topic on; refused, the topic is read again from the checkpoint in force. A conflict means that another publisher was
 * faster, or that an answer was lost on its way: nothing is published twice then.
 *
 * <p>Runs on the thread of the Salesforce connector and does not block.
 *
 * <p>Metrics, by topic: {@code lightline.publisher.published} counts what the backplane has taken, {@code
 * lightline.publisher.refused} what it has not, by {@code reason}: {@code conflict} is harmless now and then, alert on a rising
 * {@code failure}. {@code delivered = published + refused + unanswered} holds against the streams' metrics.
 */
@ApplicationScoped
public class Bridge {

    private final Routes routes;
    private final MeterRegistry meters;

    public Bridge(Routes routes, MeterRegistry meters) {
        this.routes = routes;
        this.meters = meters;
    }

    @Incoming(Streams.SALESFORCE)
    @Outgoing(Streams.BACKPLANE)
    public Message<Draft> publish(Message<SalesforceEvent> message) {
        SalesforceEvent event = message.getPayload();
        return message.withPayload(draft(event))
                .addMetadata(publication(event))
                .withAck(() -> published(message))
                .withNack(cause -> refused(message, cause));
    }

    private OutgoingPublication publication(SalesforceEvent event) {
        var checkpoint = Checkpoint.move(
                Optional.ofNullable(event.previous()).map(ReplayId::base64),
                event.replayId().base64(),
                0);
        return OutgoingPublication.from(routes.channel(event.topic()), event.id(), checkpoint);
    }

    private static Draft draft(SalesforceEvent event) {
        var tags = Map.of(
                "org", event.orgId(),
                "topic", event.topic(),
                "replayId", event.replayId().base64(),
                "eventUuid", event.id());
        return new Draft(RawJson.of(event.empApi()), null, tags, Instant.now());
    }

    private CompletionStage<Void> published(Message<SalesforceEvent> message) {
        meters.counter(
                        "lightline.publisher.published",
                        "topic",
                        message.getPayload().topic())
                .increment();
        return message.ack();
    }

    private CompletionStage<Void> refused(Message<SalesforceEvent> message, Throwable cause) {
        String reason = cause instanceof CheckpointConflictException ? "conflict" : "failure";
        meters.counter(
                        "lightline.publisher.refused",
                        "topic",
                        message.getPayload().topic(),
                        "reason",
                        reason)
                .increment();
        return message.nack(cause);
    }
}
