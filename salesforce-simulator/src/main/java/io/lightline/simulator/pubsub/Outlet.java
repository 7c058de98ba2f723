package io.lightline.simulator.pubsub;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.ReplayId;
import java.util.List;
import java.util.UUID;

/**
 * The way back to the client of a stream: what is sent becomes a response of the stream's own kind. Called under the
 * delivery's lock, so one at a time.
 *
 * @param <R> {@code FetchResponse} or {@code ManagedFetchResponse}
 */
final class Outlet<R> {

    private final ServerCallStreamObserver<R> call;
    private final Wire wire;
    private final Format<R> format;

    Outlet(ServerCallStreamObserver<R> call, Wire wire, Format<R> format) {
        this.call = call;
        this.wire = wire;
        this.format = format;
    }

    /** Makes a response. */
    interface Format<R> {
        R response(List<ConsumerEvent> events, ByteString latest, String rpcId, int pending);
    }

    void onReady(Runnable listener) {
        call.setOnReadyHandler(listener);
    }

    void onCancel(Runnable listener) {
        call.setOnCancelHandler(listener);
    }

    /** Whether there is room in the connection. */
    boolean isReady() {
        return call.isReady();
    }

    Wire wire() {
        return wire;
    }

    void send(List<BusEvent> events, ReplayId latest, int pending) {
        send(format.response(
                events.stream().map(Outlet::consumerEvent).toList(),
                latest.bytes(),
                UUID.randomUUID().toString(),
                pending));
    }

    void send(R response) {
        call.onNext(response);
    }

    void end(Status status) {
        if (status.isOk()) {
            call.onCompleted();
        } else {
            call.onError(status.asRuntimeException());
        }
    }

    void fail(StatusRuntimeException error) {
        call.onError(error);
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
}
