package io.lightline.salesforce.pubsub;

import com.google.protobuf.ByteString;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.event.UndecodableEventException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first request to its end. A call for the latest events has <i>settled</i> some seconds after it was
 * connected: Salesforce may leave out events of these seconds, so it is not ready before, and word of a gap is given only then:
 * who reads its state anew on hearing of it has all that came before, and hears of all that comes after.
 */
final class Streaming extends State implements FetchCall.Listener {

    private static final Logger LOG = Logger.getLogger(SalesforceStream.class);

    private final Token token;
    private final ReplayPreset preset;
    private final Credits credits = new Credits();
    private final Inbox inbox;
    /** Salesforce tells at least every 270 seconds that it is there; half-open connections tell nothing. */
    private final Alarm watchdog;

    private final Alarm settling;
    private @Nullable FetchCall call;
    private volatile boolean connected;
    private volatile boolean responded;
    private volatile boolean settled;
    private boolean awaitingSchema;
    private boolean storingIdle;
    private boolean telling;
    private boolean nextIsDue;
    private boolean turnedAway;

    Streaming(SalesforceStream stream, Token token) {
        super(stream);
        this.token = token;
        this.preset = stream.startingPoint().preset(stream.inFlight().checkpoint());
        this.inbox = new Inbox(new EventReader(token.tenantId(), stream.topic()), stream.schemas());
        this.watchdog = new Alarm(stream.thread(), this::nothingHeard);
        this.settling = new Alarm(stream.thread(), this::hasSettled);
    }

    @Override
    String describe() {
        return connected ? "streaming" : "connecting";
    }

    @Override
    boolean ready() {
        return connected && (responded || settled);
    }

    @Override
    void enter() {
        call = stream.client().subscribe(token, this);
        stream.statistics().opened(call.traceId());
        LOG.infof("Stream opens: topic=%s preset=%s clientTraceId=%s", stream.topic(), preset, call.traceId());
        call.request(opening());
        stream.statistics().credits(credits.outstanding());
        watchdog.set(stream.settings().watchdog());
    }

    @Override
    void leave() {
        stream.statistics().discarded(inbox.size());
        stream.statistics().credits(0);
        if (storingIdle) {
            // Whether the store has moved on is unknown then.
            stream.asksStoreAgain();
        }
        if (preset == ReplayPreset.LATEST && wasLive()) {
            stream.startingPoint().drifted();
        }
        watchdog.stop();
        settling.stop();
        if (call != null) {
            call.cancel();
        }
    }

    /** Whether events may have been on their way to this call; not when Salesforce has refused it from the start. */
    private boolean wasLive() {
        return connected && (responded || settled || !turnedAway);
    }

    @Override
    public void connected() {
        if (!current() || connected) {
            return;
        }
        connected = true;
        if (preset == ReplayPreset.LATEST && stream.settings().settle().isPositive()) {
            settling.set(stream.settings().settle());
        } else {
            hasSettled();
        }
    }

    private void hasSettled() {
        if (current()) {
            settled = true;
            advance();
        }
    }

    @Override
    public void responded(FetchResponse response) {
        if (!current()) {
            return;
        }
        responded = true;
        nextIsDue = true;
        stream.heard();
        watchdog.set(stream.settings().watchdog());
        stream.statistics().responded(response.getEventsCount(), response.getRpcId());
        credits.received(response.getEventsCount(), response.getPendingNumRequested());
        inbox.add(response.getEventsList());
        if (response.getEventsCount() == 0 && !response.getLatestReplayId().isEmpty()) {
            idle(ReplayId.of(response.getLatestReplayId().toByteArray()));
        }
        advance();
    }

    private void nothingHeard() {
        if (current()) {
            stream.client().forgetConnection();
            ended(PubSubFailure.silence(stream.settings().watchdog()));
        }
    }

    @Override
    public void ended(PubSubFailure failure) {
        ended(failure, stream.failures());
    }

    /** Events come, and cost, although none can be read: only an acknowledged one makes these pauses short again. */
    private void schemaFailed(Throwable failure) {
        ended(PubSubFailure.of(failure), stream.refusals());
    }

    private void ended(PubSubFailure failure, Backoff pausesOfRetries) {
        if (!current()) {
            return;
        }
        PubSubFailure.Reaction reaction = failure.reaction();
        stream.statistics().ended(failure);
        turnedAway = reaction != PubSubFailure.Reaction.RETRY;
        LOG.infof(
                "Stream ended: topic=%s status=%s errorCode=%s rpcId=%s clientTraceId=%s message=%s",
                stream.topic(),
                failure.status(),
                failure.errorCode(),
                failure.rpcId(),
                call == null ? "" : call.traceId(),
                failure.message());
        String reason = failure.reason();
        StreamSettings.Pauses pauses = stream.settings().pauses();
        switch (reaction) {
            case RETRY -> backOff(pausesOfRetries.next(), reason);
            case LOG_IN -> logInAnew(reason);
            case SLOW_DOWN -> backOff(pauses.longest().plus(stream.failures().next()), reason);
            case REPOSITION -> reposition(reason);
            case WAIT_FOR_OPERATOR -> waitForOperator(reason);
            case WAIT_FOR_QUOTA -> backOff(pauses.quota(), reason);
            case REPORT_BUG -> {
                LOG.errorf(
                        "Salesforce says that this client is wrong, please report it: topic=%s errorCode=%s rpcId=%s",
                        stream.topic(), failure.errorCode(), failure.rpcId());
                backOff(pauses.operator(), reason);
            }
        }
    }

    /** A token may die at any time: the first try with another one is free. */
    private void logInAnew(String reason) {
        stream.tokens().invalidate(token);
        if (stream.logsInForFree()) {
            stream.become(new Resuming(stream));
        } else {
            backOff(stream.failures().next(), reason);
        }
    }

    /** What an operator changes may hold for new sessions only. */
    private void waitForOperator(String reason) {
        stream.tokens().invalidate(token);
        backOff(stream.settings().pauses().operator(), reason);
    }

    /** The checkpoint stays what it is for the store; only Salesforce does not know it any more. */
    private void reposition(String reason) {
        ReplayId checkpoint = stream.inFlight().checkpoint();
        if (preset == ReplayPreset.CUSTOM && checkpoint != null) {
            stream.loses(checkpoint);
            stream.become(new Resuming(stream));
        } else {
            backOff(stream.failures().next(), reason);
        }
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
        stream.statistics().ended("refused");
        backOff(stream.refusals().next(), "the consumer did not take an event: " + cause.getMessage());
    }

    /** Hands on what can be handed on, then asks for more. */
    private void advance() {
        if (!gapComesFirst()) {
            handOnWaiting();
        }
        if (!current()) {
            return;
        }
        if (inbox.isEmpty() && nextIsDue && call != null) {
            nextIsDue = false;
            call.next();
        }
        topUp();
    }

    private void handOnWaiting() {
        while (current() && !inbox.isEmpty() && stream.downstream().wants() && !storingIdle) {
            CompletableFuture<EventDecoder> decoder = inbox.decoder();
            if (!decoder.isDone()) {
                await(decoder);
                return;
            }
            handOn(decoder);
        }
    }

    /** True until the consumer has taken note of it; what came meanwhile waits. */
    private boolean gapComesFirst() {
        StartingPoint.Missing missing = stream.startingPoint().missing();
        if (missing == null) {
            return false;
        }
        if (settled && !telling && stream.downstream().wants()) {
            telling = true;
            stream.downstream()
                    .take(new Gap(
                            token.tenantId(),
                            stream.topic(),
                            stream.inFlight().last(),
                            missing.reason(),
                            missing.detected()));
        }
        return true;
    }

    private void await(CompletableFuture<EventDecoder> decoder) {
        if (!awaitingSchema) {
            awaitingSchema = true;
            whenDone(decoder, (_, failure) -> {
                awaitingSchema = false;
                if (failure == null || failure instanceof UndecodableEventException) {
                    advance();
                } else {
                    schemaFailed(failure);
                }
            });
        }
    }

    private void handOn(CompletableFuture<EventDecoder> decoder) {
        Instant received = inbox.received();
        try {
            TopicItem item = inbox.take(decoder, stream.inFlight().last());
            if (item == null) {
                stream.statistics().malformed();
                LOG.errorf("Event without a replay id is skipped: topic=%s", stream.topic());
            } else {
                if (item instanceof UndecodableEvent unread) {
                    LOG.errorf(
                            "Event cannot be decoded: topic=%s schemaId=%s eventId=%s cause=%s",
                            stream.topic(), unread.schemaId(), unread.id(), unread.reason());
                }
                stream.downstream().take(item, new Arrival(received, Instant.now()));
            }
        } catch (CompletionException e) {
            schemaFailed(SchemaCache.cause(e));
        }
    }

    /** Nothing happened here, but the org's bus has moved on. */
    private void idle(ReplayId latest) {
        InFlight inFlight = stream.inFlight();
        if (inFlight.unanswered() > 0
                || !inbox.isEmpty()
                || storingIdle
                || stream.startingPoint().missing() != null
                || latest.equals(inFlight.last())) {
            return;
        }
        storingIdle = true;
        whenDone(stream.storeIdle(Optional.ofNullable(inFlight.last()), latest), (_, failure) -> {
            storingIdle = false;
            if (failure == null) {
                inFlight.restartAt(latest, latest);
                stream.statistics().checkpointed();
                advance();
            } else {
                stream.statistics().ended("store");
                stream.asksStoreAgain();
                backOff(stream.refusals().next(), "checkpoint not stored: " + failure.getMessage());
            }
        });
    }

    private void topUp() {
        int missing = credits.topUp(room());
        if (missing > 0 && call != null) {
            call.request(FetchRequest.newBuilder()
                    .setTopicName(stream.topic())
                    .setNumRequested(missing)
                    .build());
        }
        stream.statistics().credits(credits.outstanding());
    }

    private long room() {
        return stream.downstream().room(stream.settings().window()) - inbox.size();
    }

    /** Only a call's first request says where to start. */
    private FetchRequest opening() {
        var request = FetchRequest.newBuilder()
                .setTopicName(stream.topic())
                .setReplayPreset(preset)
                .setNumRequested(credits.topUp(room()));
        ReplayId checkpoint = stream.inFlight().checkpoint();
        if (preset == ReplayPreset.CUSTOM && checkpoint != null) {
            request.setReplayId(ByteString.copyFrom(checkpoint.bytes()));
        }
        return request.build();
    }
}
