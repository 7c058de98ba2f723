package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way into the backplane. Each free place in flight is a request for one more message. Everything happens on
 * the delivery thread, in the order of the stream; messages with an origin go through the {@link Lane} of their channel, so
 * that no channel waits for another.
 */
final class BackplaneSink implements Flow.Subscriber<Message<?>>, Lane.Outcome {

    private static final Logger LOG = Logger.getLogger(BackplaneSink.class);

    private final String stream;
    private final Backplane backplane;
    private final Optional<ChannelName> target;
    private final Retention retention;
    private final int maxInFlight;
    /** Of the channels for which something waits or is in flight. */
    private final Map<ChannelName, Lane> lanes = new HashMap<>();

    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean failed;

    /** @param target of messages that name no channel */
    BackplaneSink(
            String stream, Backplane backplane, Optional<ChannelName> target, Retention retention, int maxInFlight) {
        this.stream = stream;
        this.backplane = backplane;
        this.target = target;
        this.retention = retention;
        this.maxInFlight = maxInFlight;
    }

    String stream() {
        return stream;
    }

    boolean failed() {
        return failed;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(maxInFlight);
    }

    @Override
    public void onNext(Message<?> message) {
        // Always queued: a message that arrives on the delivery thread must not overtake one that hops onto it.
        backplane.deliveryThread().execute(() -> publish(message));
    }

    @Override
    public void onError(Throwable failure) {
        failed = true;
        LOG.errorf(failure, "A stream into the backplane failed stream=%s", stream);
    }

    @Override
    public void onComplete() {
        LOG.debugf("A stream into the backplane is complete stream=%s", stream);
    }

    private void publish(Message<?> message) {
        try {
            OutgoingPublication publication = message.getMetadata(OutgoingPublication.class)
                    .or(() -> target.map(OutgoingPublication::to))
                    .orElseThrow(() -> new IllegalArgumentException("Stream " + stream
                            + " has no attribute 'channel', so its messages need OutgoingPublication metadata"));
            ChannelName channel = publication.channel();
            Draft draft = draft(message);
            publication
                    .origin()
                    .ifPresentOrElse(
                            origin -> lanes.computeIfAbsent(channel, this::lane)
                                    .add(new Lane.Entry(
                                            message, origin, publication.derived(), publication.elsewhere(), draft)),
                            () -> publish(message, channel, draft));
        } catch (RuntimeException unusable) {
            refuse(message, unusable);
        }
    }

    private void publish(Message<?> message, ChannelName channel, Draft draft) {
        backplane
                .publish(channel, draft, PublishOptions.keeping(retention))
                .subscribe()
                .with(
                        _ -> {
                            settle(message::ack);
                            request(1);
                        },
                        cause -> refuse(message, cause));
    }

    private Lane lane(ChannelName channel) {
        return new Lane(channel, retention, backplane, this);
    }

    @Override
    public void published(List<Lane.Entry> entries, Copied copied) {
        for (Lane.Entry entry : entries) {
            var receipt = new Receipt(copied.known().contains(entry.origin().eventId()));
            settle(() -> entry.message().ack(Metadata.of(receipt)));
        }
        request(entries.size());
    }

    @Override
    public void failed(List<Lane.Entry> entries, Throwable cause) {
        entries.forEach(entry -> settle(() -> entry.message().nack(cause)));
        request(entries.size());
    }

    @Override
    public void idle(ChannelName channel) {
        lanes.remove(channel);
    }

    private Draft draft(Message<?> message) {
        if (message.getPayload() instanceof Draft draft) {
            return draft;
        }
        throw new IllegalArgumentException("Stream " + stream + " takes messages with a Draft, not with a "
                + message.getPayload().getClass().getName());
    }

    private void refuse(Message<?> message, Throwable cause) {
        settle(() -> message.nack(cause));
        request(1);
    }

    private void settle(Supplier<CompletionStage<Void>> answer) {
        Uni.createFrom()
                .completionStage(answer)
                .subscribe()
                .with(
                        _ -> {},
                        failure -> LOG.errorf(failure, "The acknowledgement of a message failed stream=%s", stream));
    }

    private void request(int more) {
        Flow.Subscription present = subscription;
        if (present != null) {
            present.request(more);
        }
    }
}
