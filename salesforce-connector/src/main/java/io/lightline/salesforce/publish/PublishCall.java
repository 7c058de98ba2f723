package io.lightline.salesforce.publish;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.pubsub.PubSubFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One {@code PublishStream} call, and what was sent on it and is not answered. To be used on the connector's thread, on which
 * its callbacks come.
 */
final class PublishCall implements ClientResponseObserver<PublishRequest, PublishResponse> {

    /** Hears of one call. */
    interface Listener {

        void answered(PublishCall call, PublishResponse response);

        /** The last word. */
        void ended(PublishCall call, PubSubFailure failure);
    }

    private final Token token;
    private final Listener listener;
    private final List<Pending> sent = new ArrayList<>();
    private @Nullable ClientCallStreamObserver<PublishRequest> requests;

    PublishCall(Token token, Listener listener) {
        this.token = token;
        this.listener = listener;
    }

    Token token() {
        return token;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishRequest> stream) {
        requests = stream;
    }

    boolean idle() {
        return sent.isEmpty();
    }

    void send(PublishRequest request, List<Pending> events) {
        sent.addAll(events);
        stream().onNext(request);
    }

    boolean carries(Pending event) {
        return sent.contains(event);
    }

    /** What is not answered, which from now on is the caller's. */
    List<Pending> takeSent() {
        var taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** Nothing more will be sent: the server ends the call. */
    void finish() {
        stream().onCompleted();
    }

    /** Callbacks may still come. */
    void cancel() {
        stream().cancel("Given up by the publisher", null);
    }

    @Override
    public void onNext(PublishResponse response) {
        listener.answered(this, response);
    }

    @Override
    public void onError(Throwable error) {
        listener.ended(this, PubSubFailure.of(error));
    }

    @Override
    public void onCompleted() {
        listener.ended(this, PubSubFailure.completed());
    }

    private ClientCallStreamObserver<PublishRequest> stream() {
        return Objects.requireNonNull(requests, "The call was not started");
    }
}
