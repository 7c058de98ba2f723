package io.lightline.simulator.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscription as its client sees it: what came, and how it ended. */
final class TestStream implements ClientResponseObserver<FetchRequest, FetchResponse> {

    private final List<FetchResponse> responses = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private final boolean reading;
    private @Nullable ClientCallStreamObserver<FetchRequest> call;
    private @Nullable StreamObserver<FetchRequest> requests;

    TestStream(boolean reading) {
        this.reading = reading;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRequest> stream) {
        call = stream;
        if (!reading) {
            stream.disableAutoRequestWithInitial(0);
        }
    }

    /** Ends what {@link PubSubClient#subscribeWithoutReading} began. */
    void readAll() {
        Objects.requireNonNull(call).request(Integer.MAX_VALUE);
    }

    void start(StreamObserver<FetchRequest> toServer) {
        requests = toServer;
    }

    void send(FetchRequest request) {
        Objects.requireNonNull(requests).onNext(request);
    }

    void request(int credits) {
        send(FetchRequest.newBuilder().setNumRequested(credits).build());
    }

    void cancel() {
        Objects.requireNonNull(requests).onError(Status.CANCELLED.asRuntimeException());
    }

    List<FetchResponse> responses() {
        return responses;
    }

    List<ConsumerEvent> events() {
        return responses.stream()
                .flatMap(response -> response.getEventsList().stream())
                .toList();
    }

    List<String> ids() {
        return events().stream().map(event -> event.getEvent().getId()).toList();
    }

    /** Waits for exactly these events, in this order. */
    void receives(List<String> ids) {
        await().untilAsserted(() -> assertThat(ids()).isEqualTo(ids));
    }

    /** Waits for the end, which is an error, and returns its code from the trailers. */
    String errorCode() {
        var trailers = Objects.requireNonNull(Status.trailersFromThrowable(error()));
        return Objects.requireNonNull(trailers.get(Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER)));
    }

    boolean ended() {
        return end.isDone();
    }

    Throwable error() {
        return end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Waits for the end and returns its status. */
    Status status() {
        return Status.fromThrowable(error());
    }

    @Override
    public void onNext(FetchResponse response) {
        responses.add(response);
    }

    @Override
    public void onError(Throwable error) {
        end.complete(error);
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK.asRuntimeException());
    }
}
