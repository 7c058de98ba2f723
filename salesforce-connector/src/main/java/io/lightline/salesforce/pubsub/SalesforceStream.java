package io.lightline.salesforce.pubsub;

import com.google.protobuf.ByteString;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.event.UndecodableEventException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The events of one topic, for ever: it neither completes nor fails, it reconnects.
 *
 * <pre>
 *  {@link Unsubscribed} ──subscriber──► {@link Resuming} ──checkpoint──► {@link LoggingIn} ──token──► {@link Starved}
 *                                   ▲  │                      │                     │ demand
 *                          pause    │  └──store failed────────┼─────────┐           ▼
 *                      {@link BackingOff} ◄────────login failed─────────┴─────────┴── {@link Streaming}
 *                                   ▲                                    any end, refusal, silence
 *  {@link Closed} ◄── from everywhere, when the subscriber cancels
 * </pre>
 *
 * <p><b>Thread.</b> All state belongs to one thread, the connector's, on which {@code onNext} is called as well and must not
 * block. {@code request}, {@code ack} and {@code nack} may be called from any thread. A late callback of a state that has
 * ended is recognised by that and ignored.
 *
 * <p><b>Flow.</b> Salesforce is asked for no more than the subscriber has asked for, and for no more than {@code window} events
 * that are not yet acknowledged. Nothing else waits here than one response of the server.
 *
 * <p><b>Delivery.</b> In the order of the topic, at least once. Each event names the checkpoint before it, so that a store
 * which compares and sets makes it effectively once. After a call has ended, the events that are with the subscriber are
 * waited for; then the stream goes on after the last acknowledged one. After a refusal ({@code nack}) it asks the
 * {@link ReplayStore} where to go on.
 */
public final class SalesforceStream implements Flow.Publisher<Message<TopicItem>> {

    private static final Logger LOG = Logger.getLogger(SalesforceStream.class);

    private final StreamSettings settings;
    private final PubSubClient client;
    private final TokenSource tokens;
    private final SchemaCache schemas;
    private final ReplayStore store;
    private final ScheduledExecutorService thread;

    private final InFlight inFlight = new InFlight();
    private final StreamStatistics statistics = new StreamStatistics();
    private final Backoff failures;
    private final Backoff refusals;
    private volatile State state = new Unsubscribed();
    private Flow.@Nullable Subscriber<? super Message<TopicItem>> subscriber;
    private long demand;
    private boolean askStore = true;
    private boolean loggedInAnew;
    private @Nullable ReplayId lost;
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();

    /** @param thread a single one; the executor of the client's channel too */
    public SalesforceStream(
            StreamSettings settings,
            PubSubClient client,
            TokenSource tokens,
            SchemaCache schemas,
            ReplayStore store,
            ScheduledExecutorService thread) {
        this.settings = settings;
        this.client = client;
        this.tokens = tokens;
        this.schemas = schemas;
        this.store = store;
        this.thread = thread;
        this.failures = backoff(settings.pauses());
        this.refusals = backoff(settings.pauses());
    }

    /** Takes one subscriber in its life. */
    @Override
    public void subscribe(Flow.Subscriber<? super Message<TopicItem>> newSubscriber) {
        onThread(() -> {
            newSubscriber.onSubscribe(new Demand(newSubscriber));
            if (state instanceof Unsubscribed) {
                subscriber = newSubscriber;
                become(new Resuming());
            } else {
                newSubscriber.onError(new IllegalStateException("Topic " + settings.topic() + " has its subscriber"));
            }
        });
    }

    /** May be called from any thread; its parts may be of slightly different moments. */
    public StreamStatus status() {
        State now = state;
        return statistics.status(settings.topic(), now.ready(), now.describe());
    }

    /** Whether it has come to its end; from any thread. */
    public boolean ended() {
        return state instanceof Closed;
    }

    /**
     * Asks Salesforce for nothing more and completes when what is with the subscriber is answered, at once when nothing is; the
     * subscriber then hears {@code onComplete}. May be called from any thread, and more than once.
     */
    public CompletionStage<Void> stop() {
        onThread(() -> {
            if (!(state instanceof Stopping || state instanceof Closed)) {
                become(new Stopping());
            }
        });
        return stopped.minimalCompletionStage();
    }

    private void become(State next) {
        LOG.debugf("Stream moves on: topic=%s from=%s to=%s", settings.topic(), state.describe(), next.describe());
        state.leave();
        state = next;
        next.enter();
    }

    private void onThread(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The org is closed: topic=%s", settings.topic());
        }
    }

    private CompletionStage<Void> acknowledge(InFlight.Entry entry) {
        onThread(() -> {
            refusals.reset();
            answer(entry, InFlight.Answer.ACKNOWLEDGED);
        });
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> refuse(InFlight.Entry entry, Throwable cause) {
        onThread(() -> {
            LOG.warnf("Event not acknowledged: topic=%s cause=%s", settings.topic(), cause);
            statistics.refused();
            askStore = true;
            state.refused(cause);
            answer(entry, InFlight.Answer.REFUSED);
        });
        return CompletableFuture.completedStage(null);
    }

    private void answer(InFlight.Entry entry, InFlight.Answer answer) {
        if (inFlight.answer(entry, answer)) {
            statistics.unanswered(inFlight.unanswered());
            state.answered();
        }
    }

    private static Backoff backoff(StreamSettings.Pauses pauses) {
        return new Backoff(pauses.first(), pauses.longest(), RandomGenerator.getDefault());
    }

    /** What one subscriber asks for; without effect when it is not the one who gets the events, or not any more. */
    private final class Demand implements Flow.Subscription {

        private final Flow.Subscriber<? super Message<TopicItem>> owner;

        Demand(Flow.Subscriber<? super Message<TopicItem>> owner) {
            this.owner = owner;
        }

        @Override
        public void request(long count) {
            ifServed(() -> {
                if (count <= 0) {
                    become(new Closed());
                    owner.onError(new IllegalArgumentException("Reactive Streams §3.9: request " + count));
                } else {
                    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                    state.demanded();
                }
            });
        }

        @Override
        public void cancel() {
            ifServed(() -> become(new Closed()));
        }

        private void ifServed(Runnable task) {
            onThread(() -> {
                if (owner == subscriber && !(state instanceof Closed)) {
                    task.run();
                }
            });
        }
    }

    /** What the stream is doing. Each state begins and ends its own work; the next one is chosen by the one before. */
    private abstract sealed class State
            permits Unsubscribed, Resuming, LoggingIn, Starved, Streaming, BackingOff, Stopping, Closed {

        abstract String describe();

        boolean ready() {
            return false;
        }

        void enter() {}

        void leave() {}

        void demanded() {}

        void answered() {}

        void refused(Throwable cause) {}

        /** Hears of the outcome, unless the stream has moved on meanwhile. */
        final <T> void whenDone(CompletionStage<T> work, BiConsumer<@Nullable T, @Nullable Throwable> outcome) {
            var _ = work.whenCompleteAsync(
                    (result, failure) -> {
                        if (state == this) {
                            outcome.accept(result, failure == null ? null : SchemaCache.cause(failure));
                        }
                    },
                    SalesforceStream.this::onThread);
        }

        final void backOff(Duration pause, String reason) {
            LOG.warnf("Stream pauses: topic=%s pauseMillis=%d reason=%s", settings.topic(), pause.toMillis(), reason);
            become(new BackingOff(pause, reason));
        }
    }

    /** Nobody has subscribed yet. */
    private final class Unsubscribed extends State {

        @Override
        String describe() {
            return "no subscriber yet";
        }
    }

    /** Finds out where to go on, once the events that are out are answered. */
    private final class Resuming extends State {

        @Override
        String describe() {
            return "waiting for the checkpoint";
        }

        @Override
        void enter() {
            answered();
        }

        @Override
        void answered() {
            if (inFlight.unanswered() > 0) {
                return;
            }
            if (askStore) {
                whenDone(bounded(() -> store.load(settings.topic())), this::loaded);
            } else {
                resume(inFlight.checkpoint());
            }
        }

        private void loaded(@Nullable Optional<ReplayId> checkpoint, @Nullable Throwable failure) {
            if (checkpoint == null || failure != null) {
                backOff(failures.next(), "checkpoint not loaded: " + failure);
            } else {
                askStore = false;
                // A store that has lost its checkpoint goes on from ours.
                resume(checkpoint.orElse(inFlight.checkpoint()));
            }
        }

        private void resume(@Nullable ReplayId checkpoint) {
            inFlight.restartAt(checkpoint);
            become(new LoggingIn());
        }
    }

    /** Waits for the token. */
    private final class LoggingIn extends State {

        @Override
        String describe() {
            return "logging in";
        }

        @Override
        void enter() {
            whenDone(tokens.token(), (token, failure) -> {
                if (token == null || failure != null) {
                    backOff(failures.next(), "no login: " + failure);
                } else {
                    become(new Starved(token));
                }
            });
        }
    }

    /** Has all it needs but a subscriber that wants events: a call may not start without asking for some. */
    private final class Starved extends State {

        private final Token token;

        Starved(Token token) {
            this.token = token;
        }

        @Override
        String describe() {
            return "waiting for the consumer";
        }

        @Override
        boolean ready() {
            return true;
        }

        @Override
        void enter() {
            demanded();
        }

        @Override
        void demanded() {
            if (demand > 0) {
                become(new Streaming(token));
            }
        }
    }

    /** One call, from its first request to its end. */
    private final class Streaming extends State implements FetchCall.Listener {

        private final Token token;
        private final ReplayPreset preset;
        private final Instant begin = Instant.now();
        private final Credits credits = new Credits();
        private final Deque<ConsumerEvent> waiting = new ArrayDeque<>();
        /** Salesforce tells at least every 270 seconds that it is there; half-open connections tell nothing. */
        private final Alarm watchdog =
                new Alarm(thread, () -> ended(PubSubFailure.ours("nothing heard for " + settings.watchdog())));

        private final EventReader reader;
        private @Nullable FetchCall call;
        private volatile boolean connected;
        private volatile boolean responded;
        private boolean awaitingSchema;
        private boolean storingIdle;
        private boolean nextIsDue;

        Streaming(Token token) {
            this.token = token;
            this.preset = preset();
            this.reader = new EventReader(token.tenantId(), settings.topic());
        }

        /** Where to start; {@code CUSTOM} means after the checkpoint. */
        private ReplayPreset preset() {
            ReplayId checkpoint = inFlight.checkpoint();
            if (checkpoint == null) {
                return switch (settings.initialReplay()) {
                    case LATEST -> ReplayPreset.LATEST;
                    case EARLIEST -> ReplayPreset.EARLIEST;
                };
            }
            return checkpoint.equals(lost) ? ReplayPreset.LATEST : ReplayPreset.CUSTOM;
        }

        @Override
        String describe() {
            return connected ? "streaming" : "connecting";
        }

        /** A new subscription to the latest events may miss some for a few seconds. */
        @Override
        boolean ready() {
            return connected
                    && (responded
                            || preset != ReplayPreset.LATEST
                            || Duration.between(begin, Instant.now()).compareTo(settings.settle()) >= 0);
        }

        @Override
        void enter() {
            LOG.infof("Stream opens: topic=%s preset=%s", settings.topic(), preset);
            call = client.subscribe(token, this);
            call.request(opening());
            watchdog.set(settings.watchdog());
        }

        @Override
        void leave() {
            statistics.discarded(waiting.size());
            // Whether the store has moved on is unknown then.
            askStore |= storingIdle;
            watchdog.stop();
            if (call != null) {
                call.cancel();
            }
        }

        @Override
        public void connected() {
            connected = true;
        }

        @Override
        public void responded(FetchResponse response) {
            if (state != this) {
                return;
            }
            responded = true;
            nextIsDue = true;
            failures.reset();
            watchdog.set(settings.watchdog());
            statistics.responded(response.getEventsCount());
            credits.received(response.getEventsCount(), response.getPendingNumRequested());
            waiting.addAll(response.getEventsList());
            if (response.getEventsCount() == 0 && !response.getLatestReplayId().isEmpty()) {
                idle(ReplayId.of(response.getLatestReplayId().toByteArray()));
            }
            advance();
        }

        @Override
        public void ended(PubSubFailure failure) {
            if (state != this) {
                return;
            }
            statistics.reconnected();
            if (preset == ReplayPreset.LATEST && connected && !responded) {
                // Nothing has told where this call was, so the next one starts anew.
                statistics.gap();
                LOG.warnf(
                        "Events may be missing, a call for the latest ended before any response: topic=%s",
                        settings.topic());
            }
            LOG.infof(
                    "Stream ended: topic=%s status=%s errorCode=%s rpcId=%s message=%s",
                    settings.topic(), failure.status(), failure.errorCode(), failure.rpcId(), failure.message());
            String reason = failure.errorCode().isEmpty() ? failure.message() : failure.errorCode();
            switch (failure.reaction()) {
                case RETRY -> backOff(failures.next(), reason);
                case LOG_IN -> logInAnew(reason);
                case REPOSITION -> reposition(reason);
                case WAIT_FOR_OPERATOR -> backOff(settings.pauses().operator(), reason);
                case WAIT_FOR_QUOTA -> backOff(settings.pauses().quota(), reason);
            }
        }

        /** A token may die at any time: the first try with another one is free. */
        private void logInAnew(String reason) {
            tokens.invalidate(token);
            if (loggedInAnew) {
                backOff(failures.next(), reason);
            } else {
                loggedInAnew = true;
                become(new Resuming());
            }
        }

        /** The checkpoint stays what it is for the store; only Salesforce does not know it any more. */
        private void reposition(String reason) {
            ReplayId checkpoint = inFlight.checkpoint();
            if (preset != ReplayPreset.CUSTOM || checkpoint == null) {
                backOff(failures.next(), reason);
                return;
            }
            lost = checkpoint;
            statistics.gap();
            LOG.errorf(
                    "Events may be missing, Salesforce does not know the checkpoint: topic=%s checkpoint=%s",
                    settings.topic(), checkpoint.base64());
            become(new Resuming());
        }

        @Override
        void demanded() {
            advance();
        }

        @Override
        void answered() {
            advance();
        }

        @Override
        void refused(Throwable cause) {
            statistics.reconnected();
            backOff(refusals.next(), "the consumer did not take an event: " + cause.getMessage());
        }

        /** Hands on what can be handed on, then asks for more. */
        private void advance() {
            while (!waiting.isEmpty() && demand > 0 && !storingIdle) {
                CompletableFuture<EventDecoder> decoder =
                        schemas.decoder(token, waiting.element().getEvent().getSchemaId());
                if (!decoder.isDone()) {
                    await(decoder);
                    return;
                }
                if (!handOn(waiting.remove(), decoder)) {
                    return;
                }
            }
            if (waiting.isEmpty() && nextIsDue && call != null) {
                nextIsDue = false;
                call.next();
            }
            topUp();
        }

        private void await(CompletableFuture<EventDecoder> decoder) {
            if (!awaitingSchema) {
                awaitingSchema = true;
                whenDone(decoder, (_, failure) -> {
                    awaitingSchema = false;
                    if (failure == null || failure instanceof UndecodableEventException) {
                        advance();
                    } else {
                        ended(PubSubFailure.of(failure));
                    }
                });
            }
        }

        /** False when the stream is over. */
        private boolean handOn(ConsumerEvent event, CompletableFuture<EventDecoder> decoder) {
            try {
                deliver(reader.read(event, decoder.join(), inFlight.last()));
            } catch (UndecodableEventException e) {
                deliverUnread(event, e);
            } catch (CompletionException e) {
                if (!(SchemaCache.cause(e) instanceof UndecodableEventException undecodable)) {
                    ended(PubSubFailure.of(SchemaCache.cause(e)));
                    return false;
                }
                deliverUnread(event, undecodable);
            }
            return true;
        }

        private void deliver(SalesforceEvent event) {
            var entry = inFlight.add(event.replayId());
            statistics.delivered(event.occurred(), inFlight.unanswered());
            handOn(event, entry);
        }

        /** Without a replay id it has no place in the topic, so that nobody could acknowledge it. */
        private void deliverUnread(ConsumerEvent event, UndecodableEventException cause) {
            statistics.undecodable();
            LOG.errorf(
                    "Event cannot be decoded: topic=%s schemaId=%s eventId=%s cause=%s",
                    settings.topic(),
                    event.getEvent().getSchemaId(),
                    event.getEvent().getId(),
                    cause.getMessage());
            if (!event.getReplayId().isEmpty()) {
                UndecodableEvent unread = reader.unread(event, inFlight.last(), cause);
                handOn(unread, inFlight.add(unread.replayId()));
            }
        }

        private void handOn(TopicItem item, InFlight.Entry entry) {
            loggedInAnew = false;
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            if (subscriber != null) {
                subscriber.onNext(Message.of(item, () -> acknowledge(entry), cause -> refuse(entry, cause)));
            }
        }

        /** Nothing happened here, but the org's bus has moved on. */
        private void idle(ReplayId latest) {
            loggedInAnew = false;
            if (inFlight.unanswered() > 0 || !waiting.isEmpty() || storingIdle || latest.equals(inFlight.last())) {
                return;
            }
            storingIdle = true;
            var previous = Optional.ofNullable(inFlight.last());
            whenDone(bounded(() -> store.idle(settings.topic(), previous, latest)), (_, failure) -> {
                storingIdle = false;
                if (failure == null) {
                    inFlight.restartAt(latest);
                    advance();
                } else {
                    askStore = true;
                    backOff(refusals.next(), "checkpoint not stored: " + failure.getMessage());
                }
            });
        }

        private void topUp() {
            int missing = credits.topUp(room());
            if (missing > 0 && call != null) {
                call.request(FetchRequest.newBuilder()
                        .setTopicName(settings.topic())
                        .setNumRequested(missing)
                        .build());
            }
        }

        private long room() {
            return Math.min(demand, settings.window() - inFlight.unanswered()) - waiting.size();
        }

        /** Only a call's first request says where to start. */
        private FetchRequest opening() {
            var request = FetchRequest.newBuilder()
                    .setTopicName(settings.topic())
                    .setReplayPreset(preset)
                    .setNumRequested(credits.topUp(room()));
            ReplayId checkpoint = inFlight.checkpoint();
            if (preset == ReplayPreset.CUSTOM && checkpoint != null) {
                request.setReplayId(ByteString.copyFrom(checkpoint.bytes()));
            }
            return request.build();
        }
    }

    /** Pauses, then tries again. */
    private final class BackingOff extends State {

        private final Duration pause;
        private final String reason;
        private final Alarm alarm = new Alarm(thread, this::wakeUp);

        BackingOff(Duration pause, String reason) {
            this.pause = pause;
            this.reason = reason;
        }

        @Override
        String describe() {
            return "pausing for " + pause + ": " + reason;
        }

        @Override
        void enter() {
            alarm.set(pause);
        }

        private void wakeUp() {
            if (state == this) {
                become(new Resuming());
            }
        }

        @Override
        void leave() {
            alarm.stop();
        }
    }

    /** Waits for the answers to what was handed on. */
    private final class Stopping extends State {

        @Override
        String describe() {
            return "stopping";
        }

        @Override
        void enter() {
            answered();
        }

        @Override
        void answered() {
            if (inFlight.unanswered() == 0) {
                become(new Closed());
                if (subscriber != null) {
                    subscriber.onComplete();
                }
            }
        }
    }

    /** Nobody wants anything any more. */
    private final class Closed extends State {

        @Override
        void enter() {
            stopped.complete(null);
        }

        @Override
        String describe() {
            return "closed";
        }
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
}
