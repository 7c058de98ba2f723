package io.lightline.simulator.pubsub;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.fault.Call;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;

/**
 * The requests of one {@code Subscribe} stream: the first one names topic and position, all of them ask for events. Called by
 * the connection's thread, one request after the other.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/subscribe-rpc.html">Subscribe RPC
 *     Method</a>
 */
final class Subscription implements StreamObserver<FetchRequest> {

    private final Org org;
    private final Delivery<FetchResponse> delivery;

    Subscription(Org org, Delivery<FetchResponse> delivery) {
        this.org = org;
        this.delivery = delivery;
    }

    @Override
    public void onNext(FetchRequest request) {
        if (request.getNumRequested() <= 0) {
            delivery.fail(PubSubError.REQUESTED_EVENTS_INVALID);
            return;
        }
        delivery.topic().ifPresentOrElse(topic -> requireSame(topic, request.getTopicName()), () -> open(request));
        delivery.request(request.getNumRequested());
    }

    @Override
    public void onError(Throwable cancelled) {
        delivery.close("Cancelled by the client");
    }

    /** The client asks for no more; what it has asked for is not sent either, as it is about to leave. */
    @Override
    public void onCompleted() {
        delivery.end(Status.OK);
    }

    private void open(FetchRequest request) {
        var strike = org.faults().called(Call.SUBSCRIBE, request.getTopicName());
        if (strike.isPresent()) {
            delivery.meet(strike.get());
        }
        if (request.getTopicName().isEmpty()) {
            delivery.fail(PubSubError.TOPIC_EMPTY);
            return;
        }
        org.topic(request.getTopicName())
                .ifPresentOrElse(topic -> begin(topic, request), () -> delivery.fail(PubSubError.TOPIC_NOT_FOUND));
    }

    private void begin(Topic topic, FetchRequest request) {
        if (org.definitions().denied(topic.name())) {
            delivery.fail(PubSubError.TOPIC_NOT_SUBSCRIBABLE);
            return;
        }
        switch (request.getReplayPreset()) {
            case LATEST, UNRECOGNIZED -> delivery.beginAtLatest(topic);
            case EARLIEST -> delivery.begin(topic, org.bus().earliest());
            case CUSTOM -> resume(topic, request.getReplayId());
        }
    }

    private void resume(Topic topic, ByteString replayId) {
        if (replayId.isEmpty()) {
            delivery.fail(PubSubError.REPLAY_ID_MISSING);
            return;
        }
        ReplayId.parse(replayId)
                .filter(org.bus()::knows)
                .ifPresentOrElse(
                        position -> delivery.begin(topic, position),
                        () -> delivery.fail(PubSubError.REPLAY_ID_CORRUPTED));
    }

    private void requireSame(Topic topic, String named) {
        if (!named.isEmpty() && !named.equals(topic.name())) {
            delivery.fail(PubSubError.FETCH_TOPIC_MISMATCH);
        }
    }
}
