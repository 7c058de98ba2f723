package io.lightline.salesforce.pubsub;

import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.TopicItem;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What one topic brings, until it is stopped: it does not fail, it reconnects.
 *
 * <pre>
 *  {@link Unsubscribed} ──subscriber──► {@link Resuming} ──checkpoint──► {@link LoggingIn} ──token──► {@link Starved}
 *                                  ▲  ▲ │ │                   │                      │ demand
 *                           pause  │  │ │ └─ position lost ─► {@link Halted} (policy halt)   ▼
 *                     {@link BackingOff} ◄─┼─┴─ store failed ───────┴ login failed ── {@link Streaming}
 *                                  ▲  └── new token, position lost (once, at once) ──┤
 *                                  └── any other end, refusal, silence ──────────────┘
 *  {@link Stopping} ──all answered──► {@link Closed}          from everywhere, by {@link #stop}
 *  {@link Closed}                                    from everywhere, when the subscriber cancels
 * </pre>
 *
 * <p><b>After a call has ended.</b> How long the pause is, {@link PubSubFailure.Reaction} says: what passes is tried again
 * with full jitter, and only a response of Salesforce makes the pauses short again; a dead token is replaced at once, and once
 * for free; a topic that is refused, or an org that has no deliveries left, is asked rarely.
 *
 * <p><b>Thread.</b> All state belongs to one thread, the connector's, on which {@code onNext} is called as well and must not
 * block. {@code request}, {@code ack} and {@code nack} may be called from any thread. A late callback of a state that has
 * ended is recognised by that and ignored.
 *
 * <p><b>Flow.</b> Salesforce is asked for no more than the subscriber has asked for, and for no more than {@code window} events
 * that are not yet acknowledged. Nothing else waits here than one response of the server. When the subscriber stalls, so does
 * the call; Salesforce may end it after a minute, which is an end like any other.
 *
 * <p><b>Delivery.</b> In the order of the topic, at least once. Each item names the checkpoint before it, so that a store
 * which compares and sets makes it effectively once. After a call has ended, what is with the subscriber is waited for; then
 * the stream goes on after the last acknowledged event. After a refusal ({@code nack}) it asks the {@link ReplayStore} where to
 * go on. Where events may be missing, a {@link Gap} comes first, and the rest only after it was acknowledged; it is told
 * again, with the same id, when it was refused.
 */
public final class SalesforceStream implements Flow.Publisher<Message<TopicItem>> {

    private static final Logger LOG = Logger.getLogger(SalesforceStream.class);

    private final StreamSettings settings;
    private final PubSubClient client;
    private final TokenSource tokens;
    private final SchemaCache schemas;
    private final ReplayStore store;
    private final @Nullable ReplayId remembered;
    private final ScheduledExecutorService thread;
    private final StreamStatistics statistics;

    private final Downstream downstream;
    private final StartingPoint startingPoint;
    private final Backoff failures;
    private final Backoff refusals;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile State state = new Unsubscribed(this);
    private boolean askStore = true;
    private boolean begun;
    private boolean loggedInAnew;

    /**
     * @param remembered where the topic's stream before was, for a store that has lost it; null when there was none
     * @param statistics those of the topic, which may have had another stream before
     * @param thread a single one; the executor of the client's channel too
     */
    public SalesforceStream(
            StreamSettings settings,
            PubSubClient client,
            TokenSource tokens,
            SchemaCache schemas,
            ReplayStore store,
            @Nullable ReplayId remembered,
            StreamStatistics statistics,
            ScheduledExecutorService thread) {
        this.settings = settings;
        this.client = client;
        this.tokens = tokens;
        this.schemas = schemas;
        this.store = store;
        this.statistics = statistics;
        this.thread = thread;
        this.remembered = remembered;
        this.downstream = new Downstream(statistics, this::onThread, new Answers());
        this.startingPoint = new StartingPoint(settings);
        this.failures = backoff(settings.pauses());
        this.refusals = backoff(settings.pauses());
    }

    private static Backoff backoff(StreamSettings.Pauses pauses) {
        return new Backoff(pauses.first(), pauses.longest(), RandomGenerator.getDefault());
    }

    /** Takes one subscriber in its life. */
    @Override
    public void subscribe(Flow.Subscriber<? super Message<TopicItem>> newSubscriber) {
        onThread(() -> {
            newSubscriber.onSubscribe(new Demand(newSubscriber));
            if (state instanceof Unsubscribed) {
                downstream.subscribed(newSubscriber);
                become(new Resuming(this));
            } else {
                newSubscriber.onError(
                        new IllegalStateException("Topic " + topic() + " has had its subscriber or was stopped"));
            }
        });
    }

    /** The last event up to which all is acknowledged; null when there is none. To be asked when it has {@linkplain #ended}. */
    public @Nullable ReplayId position() {
        ReplayId reached = inFlight().checkpoint();
        return reached == null ? remembered : reached;
    }

    /** May be called from any thread; its parts may be of slightly different moments. */
    public StreamStatus status() {
        State now = state;
        return statistics.status(topic(), now.ready(), now.halted(), now.describe());
    }

    /**
     * Hears of each {@link StreamStatus#ends cause} once: of those so far now, of others when they come first.
     *
     * @return ends it; the topic's counts outlive its streams
     */
    public Runnable eachCauseOfAnEnd(Consumer<String> listener) {
        return statistics.eachCause(listener);
    }

    /** Whether it has had a subscriber. */
    public boolean subscribed() {
        return !(state instanceof Unsubscribed);
    }

    /**
     * Asks Salesforce for nothing more and completes when what is with the subscriber is answered, at once when nothing is; the
     * subscriber then hears {@code onComplete}. May be called from any thread, and more than once.
     */
    public CompletionStage<Void> stop() {
        onThread(() -> {
            if (!(state instanceof Stopping || state instanceof Closed)) {
                become(new Stopping(this));
            }
        });
        return ended.minimalCompletionStage();
    }

    /** Ends it at once; what is with the subscriber may still be answered, to no effect. The subscriber hears nothing more. */
    public void close() {
        onThread(() -> become(new Closed(this)));
    }

    /** Whether it has come to its end: stopped, cancelled, or its org is closed. From any thread. */
    public boolean ended() {
        return ended.isDone();
    }

    void become(State next) {
        LOG.debugf("Stream moves on: topic=%s from=%s to=%s", topic(), state.describe(), next.describe());
        state.leave();
        state = next;
        next.enter();
    }

    /** When the org is closed there is no thread any more, and nothing left to do. */
    void onThread(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The org is closed: topic=%s", topic());
            hasEnded();
        }
    }

    State state() {
        return state;
    }

    String topic() {
        return settings.topic();
    }

    StreamSettings settings() {
        return settings;
    }

    PubSubClient client() {
        return client;
    }

    TokenSource tokens() {
        return tokens;
    }

    SchemaCache schemas() {
        return schemas;
    }

    ScheduledExecutorService thread() {
        return thread;
    }

    StreamStatistics statistics() {
        return statistics;
    }

    Downstream downstream() {
        return downstream;
    }

    InFlight inFlight() {
        return downstream.inFlight();
    }

    StartingPoint startingPoint() {
        return startingPoint;
    }

    /** Pauses after calls that ended and things that could not be had. */
    Backoff failures() {
        return failures;
    }

    /** Pauses after items that were not acknowledged. */
    Backoff refusals() {
        return refusals;
    }

    /** Salesforce has responded, so the connection, the token and the position are good. */
    void heard() {
        failures.reset();
        loggedInAnew = false;
    }

    /** Whether a new token may be tried without a pause; not twice without a response between. */
    boolean logsInForFree() {
        boolean free = !loggedInAnew;
        loggedInAnew = true;
        return free;
    }

    /** Whether the checkpoint has to be asked for, because somebody else may have moved it. */
    boolean asksStore() {
        return askStore;
    }

    void asksStoreAgain() {
        askStore = true;
    }

    void believesStore() {
        askStore = false;
    }

    CompletionStage<Optional<ReplayId>> loadCheckpoint() {
        return bounded(() -> store.load(topic()));
    }

    CompletionStage<Boolean> begin() {
        return bounded(() -> store.begin(topic()));
    }

    CompletionStage<Void> storeIdle(Optional<ReplayId> previous, ReplayId latest) {
        return bounded(() -> store.idle(topic(), previous, latest));
    }

    private <T> CompletionStage<T> bounded(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .deferred(work)
                .ifNoItem()
                .after(settings.storeTimeout())
                .on(thread)
                .failWith(() -> new IllegalStateException("no answer within " + settings.storeTimeout()))
                .subscribeAsCompletionStage();
    }

    void loses(ReplayId checkpoint) {
        startingPoint.lost(checkpoint, Instant.now());
        statistics.gap();
        LOG.errorf(
                "Events may be missing, Salesforce does not know the checkpoint: topic=%s checkpoint=%s policy=%s",
                topic(), checkpoint.base64(), settings.onLostPosition());
    }

    /** Whether it has no position and nobody knows yet that it starts where no position is. */
    boolean beginsAtLatest() {
        return !begun && position() == null && startingPoint.preset(null) == ReplayPreset.LATEST;
    }

    /** @param before whether somebody else had, of whom no checkpoint is left */
    void hasBegun(boolean before) {
        begun = true;
        if (before) {
            startingPoint.drifted();
        }
    }

    void goesOnFrom(@Nullable ReplayId checkpoint) {
        if (startingPoint.goOnFrom(checkpoint, Instant.now())) {
            statistics.gap();
            LOG.warnf("Events may be missing, a call for the latest ended without a checkpoint: topic=%s", topic());
        }
    }

    void hasEnded() {
        ended.complete(null);
    }

    /** What the subscriber's answers mean to the stream. */
    private final class Answers implements Downstream.Listener {

        @Override
        public void acknowledged(TopicItem item) {
            refusals.reset();
            if (item instanceof Gap) {
                startingPoint.told();
            }
            state.answered();
        }

        @Override
        public void refused(TopicItem item, Throwable cause) {
            LOG.warnf("Not acknowledged: topic=%s id=%s cause=%s", topic(), item.id(), cause);
            askStore = true;
            state.refused(cause);
            state.answered();
        }
    }

    /** What one subscriber asks for; without effect when it is not the one who gets the items, or not any more. */
    private final class Demand implements Flow.Subscription {

        private final Flow.Subscriber<? super Message<TopicItem>> owner;

        Demand(Flow.Subscriber<? super Message<TopicItem>> owner) {
            this.owner = owner;
        }

        @Override
        public void request(long count) {
            ifServed(() -> {
                if (count <= 0) {
                    become(new Closed(SalesforceStream.this));
                    owner.onError(new IllegalArgumentException("Reactive Streams §3.9: request " + count));
                } else {
                    downstream.requested(count);
                    state.demanded();
                }
            });
        }

        @Override
        public void cancel() {
            ifServed(() -> become(new Closed(SalesforceStream.this)));
        }

        private void ifServed(Runnable task) {
            onThread(() -> {
                if (downstream.is(owner) && !(state instanceof Closed)) {
                    task.run();
                }
            });
        }
    }
}
