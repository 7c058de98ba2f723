package io.lightline.salesforce.publish;

import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.pubsub.PubSubClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Publishes events to the topics of one org. May be called from any thread; never blocks. Each topic has one stream, opened when
 * it is needed; what comes for it goes out in the order of the calls, several together while Salesforce has yet to answer.
 *
 * <p><b>Delivery.</b> An event is sent once, or once more when the server said that it had not taken it. What was published within
 * the last five minutes is not published again under the same id, as far as this publisher remembers it.
 */
public final class EventPublisher implements AutoCloseable {

    private final PubSubClient client;
    private final TokenSource tokens;
    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    private final Map<String, TopicPublisher> topics = new HashMap<>();

    /** @param thread the connector's, on which the client's callbacks come */
    public EventPublisher(
            PubSubClient client, TokenSource tokens, ScheduledExecutorService thread, InstantSource clock) {
        this.client = client;
        this.tokens = tokens;
        this.thread = thread;
        this.clock = clock;
    }

    /**
     * Publishes events that do not depend on each other: some may fail and others not.
     *
     * @param topic for example {@code /event/Order__e}
     * @param limit how long to wait for Salesforce; what has no answer then is {@link PublishOutcome.Unavailable}
     * @return an outcome for each draft, in their order, on the connector's thread; never fails
     */
    public CompletionStage<List<PublishOutcome>> publish(String topic, List<EventDraft> drafts, Duration limit) {
        var outcomes = new CompletableFuture<List<PublishOutcome>>();
        try {
            thread.execute(() -> start(topic, drafts, limit, outcomes));
        } catch (RejectedExecutionException closed) {
            outcomes.complete(drafts.stream()
                    .<PublishOutcome>map(_ -> new PublishOutcome.Unavailable("not published: the publisher is closed"))
                    .toList());
        }
        return outcomes;
    }

    private void start(
            String topic, List<EventDraft> drafts, Duration limit, CompletableFuture<List<PublishOutcome>> outcomes) {
        TopicPublisher publisher =
                topics.computeIfAbsent(topic, name -> new TopicPublisher(name, client, tokens, thread, clock));
        List<CompletableFuture<PublishOutcome>> all =
                drafts.stream().map(publisher::take).toList();
        var end = thread.schedule(
                () -> publisher.expire("Salesforce has not answered within " + limit, drafts),
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
        var _ = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenRun(() -> {
            end.cancel(false);
            outcomes.complete(all.stream().map(CompletableFuture::join).toList());
        });
        publisher.advance();
    }

    /** Ends the streams; what has no outcome yet gets one. Harmless a second time. The connection is the opener's. */
    @Override
    public void close() {
        try {
            thread.execute(() -> topics.values().forEach(TopicPublisher::close));
        } catch (RejectedExecutionException ended) {
            // Its thread has ended with the connection, and with it all that was under way.
        }
    }
}
