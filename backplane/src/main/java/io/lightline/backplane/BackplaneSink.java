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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way into the backplane. Each free place in flight is a request for one more message. Everything happens on
 * the delivery thread, in the order of the stream.
 */
final class BackplaneSink implements Flow.Subscriber<Message<?>> {

    private static final Logger LOG = Logger.getLogger(BackplaneSink.class);

    private final String stream;
    private final Backplane backplane;
    private final Optional<ChannelName> target;
    private final Retention retention;
    private final int maxInFlight;
    private final Map<ChannelName, BrokenChain> brokenChains = new HashMap<>();
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
        Uni<?> published;
        try {
            published = published(message);
        } catch (RuntimeException unusable) {
            published = Uni.createFrom().failure(unusable);
        }
        published.subscribe().with(_ -> settle(message::ack), failure -> settle(() -> message.nack(failure)));
    }

    private Uni<?> published(Message<?> message) {
        OutgoingPublication publication = message.getMetadata(OutgoingPublication.class)
                .or(() -> target.map(OutgoingPublication::to))
                .orElseThrow(() -> new IllegalArgumentException("Stream " + stream
                        + " has no attribute 'channel', so its messages need OutgoingPublication metadata"));
        ChannelName channel = publication.channel();
        return publication
                .origin()
                .<Uni<?>>map(origin -> chained(
                        channel,
                        origin.checkpoint(),
                        () -> backplane.publishFrom(
                                channel,
                                List.of(new SourceEvent(origin.eventId(), draft(message))),
                                retention,
                                origin.checkpoint())))
                .orElseGet(() -> backplane.publish(channel, draft(message), PublishOptions.keeping(retention)));
    }

    private Uni<Copied> chained(ChannelName channel, Checkpoint checkpoint, Supplier<Uni<? extends Copied>> call) {
        BrokenChain broken = brokenChains.remove(channel);
        Uni<Copied> published = broken != null && checkpoint.expected().equals(broken.at)
                ? Uni.createFrom().failure(broken.cause)
                : Uni.createFrom().deferred(call);
        return published
                .onFailure()
                .invoke(cause -> brokenChains.put(channel, new BrokenChain(checkpoint.reached(), cause)));
    }

    private Draft draft(Message<?> message) {
        if (message.getPayload() instanceof Draft draft) {
            return draft;
        }
        throw new IllegalArgumentException("Stream " + stream + " takes messages with a Draft, not with a "
                + message.getPayload().getClass().getName());
    }

    private void settle(Supplier<CompletionStage<Void>> answer) {
        Uni.createFrom()
                .completionStage(answer)
                .subscribe()
                .with(
                        _ -> {},
                        failure -> LOG.errorf(failure, "The acknowledgement of a message failed stream=%s", stream));
        Flow.Subscription present = subscription;
        if (present != null) {
            present.request(1);
        }
    }

    /**
     * Where a channel's chain of checkpoints broke. What builds on it is not even sent: a store without a checkpoint would
     * take it, and the message that failed would be passed over.
     */
    private record BrokenChain(Optional<String> at, Throwable cause) {}
}
