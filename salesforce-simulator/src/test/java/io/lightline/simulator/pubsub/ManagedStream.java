package io.lightline.simulator.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.CommitReplayRequest;
import io.lightline.pubsub.v1.CommitReplayResponse;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.ManagedFetchRequest;
import io.lightline.pubsub.v1.ManagedFetchResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A managed subscription as its client sees it. */
final class ManagedStream implements StreamObserver<ManagedFetchResponse> {

    private final List<ManagedFetchResponse> responses = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private final StreamObserver<ManagedFetchRequest> requests;

    ManagedStream(PubSubClient client) {
        requests = client.async().managedSubscribe(this);
    }

    static ManagedStream named(PubSubClient client, String developerName) {
        var stream = new ManagedStream(client);
        stream.send(
                ManagedFetchRequest.newBuilder().setDeveloperName(developerName).setNumRequested(100));
        return stream;
    }

    void send(ManagedFetchRequest.Builder request) {
        requests.onNext(request.build());
    }

    void commit(String requestId, ByteString replayId) {
        send(ManagedFetchRequest.newBuilder()
                .setCommitReplayIdRequest(CommitReplayRequest.newBuilder()
                        .setCommitRequestId(requestId)
                        .setReplayId(replayId)));
    }

    void close() {
        requests.onCompleted();
    }

    List<ConsumerEvent> events() {
        return responses.stream()
                .flatMap(response -> response.getEventsList().stream())
                .toList();
    }

    void receives(List<String> ids) {
        await().untilAsserted(() -> assertThat(events())
                .extracting(event -> event.getEvent().getId())
                .isEqualTo(ids));
    }

    /** Waits for the answers to so many commits. */
    List<CommitReplayResponse> commits(int count) {
        await().until(() -> commits().size() == count);
        return commits();
    }

    Status status() {
        return Status.fromThrowable(error());
    }

    String errorCode() {
        var trailers = Objects.requireNonNull(Status.trailersFromThrowable(error()));
        return Objects.requireNonNull(trailers.get(Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER)))
                .replace("sfdc.platform.eventbus.grpc.", "");
    }

    private List<CommitReplayResponse> commits() {
        return responses.stream()
                .filter(ManagedFetchResponse::hasCommitResponse)
                .map(ManagedFetchResponse::getCommitResponse)
                .toList();
    }

    private Throwable error() {
        return end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void onNext(ManagedFetchResponse response) {
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
