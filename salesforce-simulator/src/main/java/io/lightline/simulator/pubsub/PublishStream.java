package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.simulator.fault.Call;
import io.lightline.simulator.fault.Strike;
import io.lightline.simulator.org.Org;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@code PublishStream}: the first request fixes the topic, each is answered, and a stream that brings nothing for a
 * while is swept away. A monitor, as the timer is a thread of its own.
 */
final class PublishStream implements StreamObserver<PublishRequest> {

    private final Org org;
    private final ServerCallStreamObserver<PublishResponse> call;
    private final Wire wire;
    private final ScheduledExecutorService timer;
    private final Duration idleClose;
    private final Consumer<PublishStream> onEnd;
    private String topic = "";
    private boolean ended;
    private @Nullable Future<?> sweep;

    PublishStream(
            Org org,
            ServerCallStreamObserver<PublishResponse> call,
            Wire wire,
            ScheduledExecutorService timer,
            Duration idleClose,
            Consumer<PublishStream> onEnd) {
        this.org = org;
        this.call = call;
        this.wire = wire;
        this.timer = timer;
        this.idleClose = idleClose;
        this.onEnd = onEnd;
    }

    synchronized void start() {
        call.setOnCancelHandler(this::stop);
        scheduleSweep();
    }

    /** Ends the stream from our side. */
    synchronized void end(Status status) {
        if (!ended) {
            stop();
            if (status.isOk()) {
                call.onCompleted();
            } else {
                call.onError(status.asRuntimeException());
            }
        }
    }

    @Override
    public synchronized void onNext(PublishRequest request) {
        if (ended || org.outage().blackHole()) {
            return;
        }
        try {
            var name = fixTopic(request.getTopicName());
            var strike = org.faults().called(Call.PUBLISH_STREAM, name);
            if (strike.isPresent()) {
                meet(strike.get());
            }
            if (!ended) {
                call.onNext(Publisher.publish(org, name, request));
                scheduleSweep();
            }
        } catch (StatusRuntimeException refused) {
            stop();
            call.onError(refused);
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        stop();
    }

    @Override
    public void onCompleted() {
        end(Status.OK);
    }

    /** Each request counts as a call of its own. What stalls here stalls the whole connection. */
    private void meet(Strike strike) {
        switch (strike) {
            case Strike.End(var code) when code == Status.Code.OK -> onCompleted();
            case Strike.End(var code) ->
                throw code.toStatus().withDescription("Ended by a fault").asRuntimeException();
            case Strike.Refuse(var code) -> throw PubSubError.of(code).exception();
            case Strike.Reset _ -> {
                stop();
                wire.reset();
            }
            case Strike.Disconnect _ -> {
                stop();
                wire.disconnect();
            }
            case Strike.GoAway(var grace) -> wire.goAway(grace);
            case Strike.Stall(var time) -> wire.freeze(time);
            case Strike.Freeze(var time) -> wire.freeze(time);
        }
    }

    private String fixTopic(String named) {
        if (topic.isEmpty()) {
            topic = named;
        } else if (!named.isEmpty() && !named.equals(topic)) {
            throw PubSubError.PUBLISH_TOPIC_MISMATCH.exception();
        }
        return topic;
    }

    private void scheduleSweep() {
        if (sweep != null) {
            sweep.cancel(false);
        }
        sweep = timer.schedule(this::sweepAway, idleClose.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void sweepAway() {
        if (!ended) {
            stop();
            call.onError(PubSubError.PUBLISH_SWEPT.exception());
        }
    }

    private synchronized void stop() {
        ended = true;
        onEnd.accept(this);
        if (sweep != null) {
            sweep.cancel(false);
        }
    }
}
