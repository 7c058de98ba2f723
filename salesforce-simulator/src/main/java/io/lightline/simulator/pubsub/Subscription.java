package io.lightline.simulator.pubsub;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Subscribe} stream: {@link Opening} until the first request names topic and position, then {@link Streaming},
 * at last {@link Closed}.
 *
 * <p>Pulls from the bus what was asked for, in order, whenever there are events, credits, and room in the connection: so a
 * slow client costs no memory. Answers nothing before there is an event; a quiet stream gets a keepalive with the newest
 * replay id of the bus, and a stream that owes nothing is closed after a while.
 *
 * <p>A monitor: called by the connection's thread, by those who publish, and by the timer. Blocks only for itself.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/subscribe-rpc.html">Subscribe RPC
 *     Method</a>
 */
final class Subscription implements StreamObserver<FetchRequest> {

    /** With the last event, of a megabyte at most, still far below what clients accept by default. */
    private static final int MANY_BYTES = 1 << 20;

    private final Org org;
    private final ServerCallStreamObserver<FetchResponse> call;
    private final ScheduledExecutorService timer;
    private final Duration keepalive;
    private final Duration idleClose;
    private final Consumer<Subscription> onClosed;
    private final Runnable wakeUp = this::drain;
    private final Credits credits = new Credits();
    private State state = new Opening();
    private long quietSince = System.nanoTime();
    private @Nullable Future<?> nextCheck;

    Subscription(
            Org org,
            ServerCallStreamObserver<FetchResponse> call,
            ScheduledExecutorService timer,
            Duration keepalive,
            Duration idleClose,
            Consumer<Subscription> onClosed) {
        this.org = org;
        this.call = call;
        this.timer = timer;
        this.keepalive = keepalive;
        this.idleClose = idleClose;
        this.onClosed = onClosed;
    }

    private sealed interface State {}

    private record Opening() implements State {}

    private record Streaming(Topic topic, ReplayId position) implements State {}

    private record Closed() implements State {}

    /** Starts to listen to everything that can wake the stream. */
    synchronized void start() {
        call.setOnReadyHandler(wakeUp);
        call.setOnCancelHandler(this::close);
        org.bus().addListener(wakeUp);
        org.outage().addListener(wakeUp);
        scheduleCheck();
    }

    @Override
    public synchronized void onNext(FetchRequest request) {
        if (request.getNumRequested() <= 0) {
            fail(PubSubError.REQUESTED_EVENTS_INVALID);
            return;
        }
        switch (state) {
            case Opening _ -> open(request);
            case Streaming streaming -> requireSame(streaming.topic(), request.getTopicName());
            case Closed _ -> {}
        }
        if (credits.pending() == 0) {
            quietSince = System.nanoTime();
        }
        credits.add(request.getNumRequested());
        drain();
    }

    @Override
    public void onError(Throwable cancelled) {
        close();
    }

    /** The client asks for no more; what it has asked for is not sent either, as it is about to leave. */
    @Override
    public synchronized void onCompleted() {
        end(Status.OK);
    }

    /** Ends the stream from our side: OK, or a status as when a server goes away. */
    synchronized void end(Status status) {
        if (close()) {
            if (status.isOk()) {
                call.onCompleted();
            } else {
                call.onError(status.asRuntimeException());
            }
        }
    }

    synchronized StreamInfo info() {
        return switch (state) {
            case Streaming(var topic, var position) -> new StreamInfo(topic.name(), position.hex(), credits.pending());
            case Opening _, Closed _ -> new StreamInfo("", "", credits.pending());
        };
    }

    private void open(FetchRequest request) {
        if (request.getTopicName().isEmpty()) {
            fail(PubSubError.TOPIC_EMPTY);
            return;
        }
        var topic = org.topic(request.getTopicName());
        if (topic.isEmpty()) {
            fail(PubSubError.TOPIC_NOT_FOUND);
            return;
        }
        switch (request.getReplayPreset()) {
            case LATEST, UNRECOGNIZED ->
                state = new Streaming(topic.get(), org.bus().latest());
            case EARLIEST -> state = new Streaming(topic.get(), org.bus().earliest());
            case CUSTOM -> resume(topic.get(), request.getReplayId());
        }
    }

    private void resume(Topic topic, ByteString replayId) {
        if (replayId.isEmpty()) {
            fail(PubSubError.REPLAY_ID_MISSING);
            return;
        }
        ReplayId.parse(replayId)
                .filter(org.bus()::knows)
                .ifPresentOrElse(
                        position -> state = new Streaming(topic, position),
                        () -> fail(PubSubError.REPLAY_ID_CORRUPTED));
    }

    private void requireSame(Topic topic, String named) {
        if (!named.isEmpty() && !named.equals(topic.name())) {
            fail(PubSubError.FETCH_TOPIC_MISMATCH);
        }
    }

    /** Sends what can be sent now. */
    private synchronized void drain() {
        while (state instanceof Streaming(var topic, var position) && credits.pending() > 0 && canSend()) {
            var slice = org.bus().read(position, topic::carries, credits.pending());
            if (slice.isEmpty()) {
                fail(PubSubError.REPLAY_ID_CORRUPTED);
                return;
            }
            if (slice.get().events().isEmpty()) {
                state = new Streaming(topic, slice.get().reached());
                return;
            }
            var batch = batch(slice.get().events());
            state = new Streaming(topic, batch.getLast().replayId());
            credits.spend(batch.size());
            respond(batch, batch.getLast().replayId());
        }
    }

    /** As many of the events as make a response of moderate size, one at least. */
    private static List<BusEvent> batch(List<BusEvent> events) {
        int bytes = 0;
        int count = 0;
        while (count < events.size() && bytes < MANY_BYTES) {
            bytes += events.get(count++).payload().size();
        }
        return events.subList(0, count);
    }

    /** Runs on the timer: a quiet stream gets its keepalive, one that owes nothing its end. */
    private synchronized void check() {
        if (quietFor(idleClose) && credits.pending() == 0 && canSend()) {
            end(Status.OK);
        } else if (quietFor(keepalive) && credits.pending() > 0 && canSend()) {
            drain();
            if (quietFor(keepalive) && state instanceof Streaming streaming) {
                respond(List.of(), streaming.position());
            }
        }
        scheduleCheck();
    }

    private void scheduleCheck() {
        if (!(state instanceof Closed)) {
            var limit = credits.pending() == 0 ? idleClose : keepalive;
            var shortest = keepalive.compareTo(idleClose) < 0 ? keepalive : idleClose;
            long left = limit.toNanos() - (System.nanoTime() - quietSince);
            // Credits may run out meanwhile, so never later than the shorter of both limits; and not at once while it
            // is stuck.
            long delay = left <= 0 ? shortest.toNanos() : Math.min(left, shortest.toNanos());
            nextCheck = timer.schedule(this::check, delay, TimeUnit.NANOSECONDS);
        }
    }

    private boolean quietFor(Duration limit) {
        return System.nanoTime() - quietSince >= limit.toNanos();
    }

    private boolean canSend() {
        return call.isReady() && !org.outage().blackHole();
    }

    private void respond(List<BusEvent> events, ReplayId latest) {
        quietSince = System.nanoTime();
        call.onNext(FetchResponse.newBuilder()
                .addAllEvents(events.stream().map(Subscription::consumerEvent).toList())
                .setLatestReplayId(latest.bytes())
                .setRpcId(UUID.randomUUID().toString())
                .setPendingNumRequested(credits.pending())
                .build());
    }

    private static ConsumerEvent consumerEvent(BusEvent event) {
        return ConsumerEvent.newBuilder()
                .setEvent(ProducerEvent.newBuilder()
                        .setId(event.id())
                        .setSchemaId(event.schemaId())
                        .setPayload(event.payload()))
                .setReplayId(event.replayId().bytes())
                .build();
    }

    private void fail(PubSubError error) {
        if (!org.outage().blackHole() && close()) {
            call.onError(error.exception());
        }
    }

    /** False when it was closed already. */
    private synchronized boolean close() {
        if (state instanceof Closed) {
            return false;
        }
        state = new Closed();
        org.bus().removeListener(wakeUp);
        org.outage().removeListener(wakeUp);
        if (nextCheck != null) {
            nextCheck.cancel(false);
        }
        onClosed.accept(this);
        return true;
    }
}
