package io.lightline.publisher.bridge;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.Draft;
import io.lightline.backplane.FencedException;
import io.lightline.backplane.OutgoingPublication;
import io.lightline.backplane.Receipt;
import io.lightline.publisher.Streams;
import io.lightline.publisher.route.Reading;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.event.ChangeEventHeader;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jspecify.annotations.Nullable;

/**
 * Makes a publication of whatever a topic brings. The answer of the backplane goes back to the topic: acknowledged, it moves on;
 * refused, it is read again from the checkpoint in force. A conflict means that another publisher was faster, or that an answer
 * was lost on its way: nothing is published twice then. When the lease turns out to be an old one, the topic's reader is told.
 *
 * <p>Runs on the threads of the Salesforce orgs, in the order of each topic, and does not block.
 *
 * <p>Metrics, by {@code org}, {@code topic} and {@code kind}: {@code lightline.publisher.published} counts what the backplane has taken,
 * {@code lightline.publisher.duplicates} what it knew already, {@code lightline.publisher.refused} what it has not taken, by
 * {@code reason}: {@code conflict} and {@code fenced} are harmless now and then, alert on a rising {@code failure}. Of the {@code
 * kind} {@code event}, {@code delivered = published + duplicates + refused} holds against the topics' metrics once none is
 * unanswered; the other kinds are {@code dead-letter} and {@code gap}.
 */
@ApplicationScoped
public class Bridge {

    private final MeterRegistry meters;
    private final EventTraces traces;

    Bridge(MeterRegistry meters, EventTraces traces) {
        this.meters = meters;
        this.traces = traces;
    }

    @Incoming(Streams.SALESFORCE)
    @Outgoing(Streams.BACKPLANE)
    public Message<Draft> publish(Message<TopicItem> message) {
        TopicItem item = message.getPayload();
        Reading reading = message.getMetadata(Reading.class)
                .orElseThrow(() -> new IllegalArgumentException("Nobody has read this: " + item));
        EventTrace trace = traces.begin(message, reading);
        return message.withPayload(trace.on(Drafts.of(item)))
                .addMetadata(publication(item, reading))
                .withAckWithMetadata(answer -> published(message, reading, trace, answer))
                .withNackWithMetadata((cause, _) -> refused(message, reading, trace, cause));
    }

    private static OutgoingPublication publication(TopicItem item, Reading reading) {
        Route route = reading.route();
        return switch (item) {
            case SalesforceEvent event ->
                OutgoingPublication.from(route.channel(), event.id(), move(event, event.replayId(), reading))
                        .alsoTo(derived(event.change(), reading));
            case UndecodableEvent event ->
                // Orgs of one tenant share the dead letters, and may have the same replay ids.
                OutgoingPublication.from(
                                route.channel(),
                                event.orgId() + ":" + event.id(),
                                move(event, event.replayId(), reading))
                        .insteadTo(List.of(route.deadLetters()));
            case Gap gap ->
                OutgoingPublication.from(
                                route.channel(), gap.id(), Checkpoint.stay(checkpoint(gap.previous()), reading.fence()))
                        .alsoTo(reading.everyRecord());
        };
    }

    private static Checkpoint move(TopicItem item, ReplayId replayId, Reading reading) {
        return Checkpoint.move(checkpoint(item.previous()), replayId.base64(), reading.fence());
    }

    private static Optional<String> checkpoint(@Nullable ReplayId replayId) {
        return Optional.ofNullable(replayId).map(ReplayId::base64);
    }

    /** Where else a change is told: to those who follow a record of it, or all records. */
    private static List<ChannelName> derived(@Nullable ChangeEventHeader change, Reading reading) {
        if (!reading.everyRecord().isEmpty()) {
            return reading.everyRecord();
        }
        return change == null ? List.of() : reading.route().ofRecords(change.recordIds());
    }

    private CompletionStage<Void> published(
            Message<TopicItem> message, Reading reading, EventTrace trace, Metadata answer) {
        boolean known = answer.get(Receipt.class).map(Receipt::known).orElse(false);
        String outcome = known ? "duplicates" : "published";
        count("lightline.publisher." + outcome, message, reading);
        trace.published(outcome);
        return message.ack();
    }

    private CompletionStage<Void> refused(
            Message<TopicItem> message, Reading reading, EventTrace trace, Throwable cause) {
        String reason = switch (cause) {
            case CheckpointConflictException _ -> "conflict";
            case FencedException _ -> "fenced";
            default -> "failure";
        };
        count("lightline.publisher.refused", message, reading, "reason", reason);
        trace.refused(reason);
        if (cause instanceof FencedException) {
            reading.onFenced().run();
        }
        return message.nack(cause);
    }

    private void count(String name, Message<TopicItem> message, Reading reading, String... tags) {
        TopicName topic = reading.route().topic();
        Counter.builder(name)
                .tag("org", topic.org())
                .tag("topic", topic.topic())
                .tag("kind", kind(message.getPayload()))
                .tags(tags)
                .register(meters)
                .increment();
    }

    private static String kind(TopicItem item) {
        return switch (item) {
            case SalesforceEvent _ -> "event";
            case UndecodableEvent _ -> "dead-letter";
            case Gap _ -> "gap";
        };
    }
}
