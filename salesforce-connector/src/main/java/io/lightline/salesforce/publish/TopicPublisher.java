package io.lightline.salesforce.publish;

import com.google.protobuf.ByteString;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.PublishResult;
import io.lightline.salesforce.auth.LoginFailedException;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.publish.PublishOutcome.Invalid;
import io.lightline.salesforce.publish.PublishOutcome.Published;
import io.lightline.salesforce.publish.PublishOutcome.Refused;
import io.lightline.salesforce.publish.PublishOutcome.Unavailable;
import io.lightline.salesforce.publish.TopicTarget.NotPublishableException;
import io.lightline.salesforce.pubsub.PubSubClient;
import io.lightline.salesforce.pubsub.PubSubFailure;
import io.lightline.salesforce.pubsub.PubSubFailure.Reaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one topic, in the order of the calls. One request is under way at a time, and what comes meanwhile goes together in
 * the next. What the server certainly did not take (a dead token, another schema, an idle stream that it was just closing) is sent
 * once more; of anything else that is lost on the way only the caller can know whether to repeat it. Lives on the connector's
 * thread.
 *
 * <p>Before anything is sent the topic's target (may we publish, by which schema) and a token have to be there, and a call is open;
 * each is got when it is missing, and dropped when the server's answers show that it is of no use any more.
 */
final class TopicPublisher implements PublishCall.Listener {

    private static final Logger LOG = Logger.getLogger(TopicPublisher.class);

    /** Source: Pub/Sub API guide, «Pub/Sub API Event Allocations»: more is possible, and not recommended. */
    private static final int MOST_EVENTS = 200;

    private static final int MOST_BYTES = 3_000_000;
    private static final int MOST_WAITING = 2_000;
    private static final long MOST_BYTES_WAITING = 16L * 1024 * 1024;
    /** For those who ask again with the same id. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final Duration MEMORY = Duration.ofMinutes(5);
    /** Salesforce sweeps away a stream that is idle for 70 seconds; we leave before. */
    private static final Duration IDLE = Duration.ofSeconds(50);

    private final String topic;
    private final PubSubClient client;
    private final TokenSource tokens;
    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    private final Map<String, Pending> pending = new HashMap<>();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final Map<String, Remembered> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private long bytesWaiting;
    private boolean preparing;
    private @Nullable TopicTarget target;
    private @Nullable PublishCall call;
    private @Nullable ScheduledFuture<?> idleEnd;

    TopicPublisher(
            String topic,
            PubSubClient client,
            TokenSource tokens,
            ScheduledExecutorService thread,
            InstantSource clock) {
        this.topic = topic;
        this.client = client;
        this.tokens = tokens;
        this.thread = thread;
        this.clock = clock;
    }

    private record Remembered(Published outcome, Instant until) {}

    private record Prepared(Token token, TopicTarget target) {}

    /** Takes a draft, unless one with its id is under way or was published just now: then the outcome is that one's. */
    CompletableFuture<PublishOutcome> take(EventDraft draft) {
        Remembered before = remembered.get(draft.id());
        if (before != null && before.until.isAfter(clock.instant())) {
            return CompletableFuture.completedFuture(before.outcome);
        }
        Pending same = pending.get(draft.id());
        if (same != null) {
            return same.outcome();
        }
        if (waiting.size() >= MOST_WAITING || bytesWaiting + draft.json().length > MOST_BYTES_WAITING) {
            return CompletableFuture.completedFuture(
                    new Unavailable("not published: " + waiting.size() + " events wait for Salesforce already"));
        }
        var taken = new Pending(draft);
        pending.put(draft.id(), taken);
        bytesWaiting += draft.json().length;
        waiting.addLast(taken);
        return taken.outcome();
    }

    /** Sends what waits, when nothing is under way. */
    void advance() {
        if (preparing || (call != null && !call.idle())) {
            return;
        }
        if (waiting.isEmpty()) {
            rest();
        } else if (target == null || call == null) {
            prepare();
        } else {
            send(target, call);
        }
    }

    /** The time of some drafts is over. */
    void expire(String reason, List<EventDraft> drafts) {
        for (EventDraft draft : drafts) {
            Pending late = pending.get(draft.id());
            if (late == null || late.draft() != draft) {
                continue;
            }
            if (call != null && call.carries(late)) {
                // Who does not answer this will not answer the next one either.
                giveUp(call, new Unavailable(reason + "; it may have been published"));
            } else {
                unqueue(late);
                settle(late, new Unavailable(reason + ", and was not published"));
            }
        }
        advance();
    }

    void close() {
        if (call != null) {
            giveUp(call, new Unavailable("the publisher was closed; it may have been published"));
        }
        settleWaiting(new Unavailable("the publisher was closed, and this was not published"));
        stayAwake();
    }

    private void prepare() {
        preparing = true;
        stayAwake();
        var _ = prepared(true)
                .whenCompleteAsync(
                        (prepared, failure) -> {
                            preparing = false;
                            if (failure == null) {
                                target = prepared.target();
                                call = call == null && !waiting.isEmpty() ? open(prepared.token()) : call;
                            } else {
                                unprepared(cause(failure));
                            }
                            advance();
                        },
                        thread);
    }

    private CompletionStage<Prepared> prepared(boolean first) {
        return tokens.token().thenComposeAsync(token -> prepared(token, first), thread);
    }

    private CompletionStage<Prepared> prepared(Token token, boolean first) {
        CompletionStage<TopicTarget> known =
                target == null ? TopicTarget.of(client, token, topic) : CompletableFuture.completedFuture(target);
        return known.thenApply(found -> new Prepared(token, found)).exceptionallyCompose(failure -> {
            if (first && isDead(token, cause(failure))) {
                return prepared(false);
            }
            return CompletableFuture.failedStage(cause(failure));
        });
    }

    private boolean isDead(Token token, Throwable failure) {
        boolean dead = PubSubFailure.of(failure).reaction() == Reaction.LOG_IN;
        if (dead) {
            tokens.invalidate(token);
        }
        return dead;
    }

    private PublishCall open(Token token) {
        var opened = new PublishCall(token, this);
        client.publish(token, opened);
        return opened;
    }

    /** Whoever waits hears of it now: the next draft tries again. */
    private void unprepared(Throwable failure) {
        LOG.warnf("Cannot publish: topic=%s reason=%s", topic, failure.getMessage());
        settleWaiting(
                switch (failure) {
                    case NotPublishableException refused -> new Refused(String.valueOf(refused.getMessage()));
                    case IllegalArgumentException unusable -> new Refused(String.valueOf(unusable.getMessage()));
                    case LoginFailedException _ -> new Unavailable("not published: no login at Salesforce");
                    default -> outcome(PubSubFailure.of(failure), "not published: ");
                });
    }

    private static PublishOutcome outcome(PubSubFailure failure, String beforehand) {
        return failure.reaction() == Reaction.WAIT_FOR_OPERATOR
                ? new Refused("Salesforce says: " + failure.reason())
                : new Unavailable(beforehand + failure.reason());
    }

    private void send(TopicTarget to, PublishCall on) {
        var request = PublishRequest.newBuilder().setTopicName(topic);
        var sent = new ArrayList<Pending>();
        int bytes = 0;
        while (!waiting.isEmpty() && sent.size() < MOST_EVENTS && bytes < MOST_BYTES) {
            Pending next = waiting.element();
            ProducerEvent event = encoded(next, to, on.token());
            if (event != null && !sent.isEmpty() && bytes + event.getSerializedSize() > MOST_BYTES) {
                break;
            }
            unqueue(next);
            if (event != null) {
                bytes += event.getSerializedSize();
                request.addEvents(event);
                sent.add(next);
            }
        }
        if (sent.isEmpty()) {
            rest();
        } else {
            stayAwake();
            on.send(request.build(), sent);
        }
    }

    /** Null when it is none, which its caller is told. */
    private @Nullable ProducerEvent encoded(Pending one, TopicTarget to, Token token) {
        try {
            byte[] payload = to.encoder().encode(one.draft().json(), clock.instant(), token.userId());
            return ProducerEvent.newBuilder()
                    .setId(one.draft().id())
                    .setSchemaId(to.schemaId())
                    .setPayload(ByteString.copyFrom(payload))
                    .build();
        } catch (InvalidFieldException invalid) {
            settle(one, new Invalid(invalid.field(), String.valueOf(invalid.getMessage())));
            return null;
        }
    }

    @Override
    public void answered(PublishCall by, PublishResponse response) {
        if (by != call) {
            return;
        }
        boolean otherSchema = target != null
                && !response.getSchemaId().isEmpty()
                && !response.getSchemaId().equals(target.schemaId());
        Map<String, PublishResult> results = response.getResultsList().stream()
                .collect(Collectors.toMap(PublishResult::getCorrelationKey, result -> result, (first, _) -> first));
        var again = new ArrayList<Pending>();
        for (Pending one : by.takeSent()) {
            PublishResult result = results.getOrDefault(one.draft().id(), PublishResult.getDefaultInstance());
            if (otherSchema && result.hasError() && one.mayRepeat()) {
                again.add(one);
            } else {
                settle(one, outcome(result));
            }
        }
        if (otherSchema) {
            target = null;
        }
        sendAgain(again);
        advance();
    }

    private static PublishOutcome outcome(PublishResult result) {
        if (result.hasError()) {
            String message = "Salesforce says: " + result.getError().getMsg();
            return result.getError().getCode() == ErrorCode.PUBLISH
                    ? new Invalid(null, message)
                    : new Unavailable(message);
        }
        return result.getReplayId().isEmpty()
                ? new Unavailable("Salesforce does not say what became of it")
                : new Published(ReplayId.of(result.getReplayId().toByteArray()));
    }

    @Override
    public void ended(PublishCall by, PubSubFailure failure) {
        if (by != call) {
            return;
        }
        call = null;
        boolean untaken = untaken(by, failure);
        var again = new ArrayList<Pending>();
        for (Pending one : by.takeSent()) {
            if (untaken && one.mayRepeat()) {
                again.add(one);
            } else {
                settle(one, outcome(failure, "it may have been published: "));
            }
        }
        sendAgain(again);
        advance();
    }

    /** Whether the server says that it took nothing, and would take it now. */
    private boolean untaken(PublishCall by, PubSubFailure failure) {
        if (failure.reaction() == Reaction.LOG_IN) {
            tokens.invalidate(by.token());
            return true;
        }
        if (failure.errorCode().startsWith("schema.") || failure.reaction() == Reaction.WAIT_FOR_OPERATOR) {
            target = null;
            return failure.errorCode().startsWith("schema.");
        }
        return failure.errorCode().equals("publish.stream.sweeper.timeout");
    }

    private void sendAgain(List<Pending> untaken) {
        for (Pending one : untaken.reversed()) {
            bytesWaiting += one.draft().json().length;
            waiting.addFirst(one);
        }
    }

    private void giveUp(PublishCall lost, PublishOutcome outcome) {
        call = null;
        lost.cancel();
        lost.takeSent().forEach(one -> settle(one, outcome));
    }

    private void settleWaiting(PublishOutcome outcome) {
        var all = List.copyOf(waiting);
        waiting.clear();
        bytesWaiting = 0;
        all.forEach(one -> settle(one, outcome));
    }

    private void unqueue(Pending one) {
        if (waiting.remove(one)) {
            bytesWaiting -= one.draft().json().length;
        }
    }

    private void settle(Pending one, PublishOutcome outcome) {
        pending.remove(one.draft().id(), one);
        if (outcome instanceof Published published) {
            // The oldest goes first, so what is published anew counts as new.
            remembered.remove(one.draft().id());
            remembered.put(
                    one.draft().id(), new Remembered(published, clock.instant().plus(MEMORY)));
        }
        one.outcome().complete(outcome);
    }

    private void rest() {
        if (call != null && idleEnd == null) {
            idleEnd = thread.schedule(this::leave, IDLE.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void stayAwake() {
        if (idleEnd != null) {
            idleEnd.cancel(false);
            idleEnd = null;
        }
    }

    private void leave() {
        idleEnd = null;
        if (call != null && call.idle()) {
            PublishCall unused = call;
            call = null;
            unused.finish();
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
