package io.lightline.salesforce.pubsub;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Subscribe} call. Takes one response at a time off the wire: the next one only after {@link #next}, so that what
 * waits for decoding is never more than one response. Not thread-safe: everything happens on the connector's thread.
 */
final class FetchCall implements ClientResponseObserver<FetchRequest, FetchResponse> {

    private final String traceId;
    private final Listener listener;
    private @Nullable ClientCallStreamObserver<FetchRequest> requests;

    FetchCall(String traceId, Listener listener) {
        this.traceId = traceId;
        this.listener = listener;
    }

    String traceId() {
        return traceId;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRequest> stream) {
        requests = stream;
        stream.disableAutoRequestWithInitial(1);
        stream.setOnReadyHandler(listener::connected);
    }

    void request(FetchRequest request) {
        stream().onNext(request);
    }

    void next() {
        stream().request(1);
    }

    /** Callbacks may still come. */
    void cancel() {
        stream().cancel("Given up by the subscriber", null);
    }

    @Override
    public void onNext(FetchResponse response) {
        listener.responded(response);
    }

    @Override
    public void onError(Throwable error) {
        listener.ended(PubSubFailure.of(error));
    }

    @Override
    public void onCompleted() {
        listener.ended(PubSubFailure.completed());
    }

    private ClientCallStreamObserver<FetchRequest> stream() {
        return Objects.requireNonNull(requests, "The call was not started");
    }

    /** Hears of one call, on the connector's thread, and must not block. */
    interface Listener {

        /** The call has a connection. Whether the server will accept it shows later. */
        void connected();

        void responded(FetchResponse response);

        /** The last word. */
        void ended(PubSubFailure failure);
    }
}
