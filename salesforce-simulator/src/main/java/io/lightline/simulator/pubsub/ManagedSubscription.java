package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.CommitReplayRequest;
import io.lightline.pubsub.v1.CommitReplayResponse;
import io.lightline.pubsub.v1.Error;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ManagedFetchRequest;
import io.lightline.pubsub.v1.ManagedFetchResponse;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.fault.Call;
import io.lightline.simulator.org.ManagedEventSubscription;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.SimulatorConfig.Replay;
import io.lightline.simulator.org.SimulatorConfig.State;
import io.lightline.simulator.org.Topic;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one {@code ManagedSubscribe} stream: the first one names the subscription, the others ask for events or commit
 * a position. Called by the connection's thread, one request after the other.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/managed-subscribe-rpc.html">
 *     ManagedSubscribe RPC Method</a>
 */
final class ManagedSubscription implements StreamObserver<ManagedFetchRequest> {

    private final Org org;
    private final Delivery<ManagedFetchResponse> delivery;
    private final ManagedSlot slot;
    private @Nullable ManagedEventSubscription subscription;

    ManagedSubscription(Org org, Delivery<ManagedFetchResponse> delivery, ManagedSlot slot) {
        this.org = org;
        this.delivery = delivery;
        this.slot = slot;
    }

    @Override
    public void onNext(ManagedFetchRequest request) {
        boolean commits = request.hasCommitReplayIdRequest();
        if (request.getNumRequested() < 0 || request.getNumRequested() == 0 && !commits) {
            delivery.fail(PubSubError.REQUESTED_EVENTS_INVALID);
        } else if (subscription == null) {
            open(request);
        } else if (names(request) && !names(subscription, request)) {
            delivery.fail(PubSubError.MANAGED_REQUEST_INVALID);
        } else if (commits) {
            delivery.answer(committed(subscription, request.getCommitReplayIdRequest()));
        }
        if (request.getNumRequested() > 0) {
            delivery.request(request.getNumRequested());
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        delivery.close("Cancelled by the client");
    }

    @Override
    public void onCompleted() {
        delivery.end(Status.OK);
    }

    private void open(ManagedFetchRequest request) {
        if (request.hasCommitReplayIdRequest()) {
            delivery.fail(PubSubError.MANAGED_REQUEST_INVALID);
            return;
        }
        var named = org.managedSubscriptions().stream()
                .filter(each -> names(each, request))
                .findFirst();
        if (named.isEmpty()) {
            delivery.fail(unknown(request));
        } else if (named.get().state() == State.STOP) {
            delivery.fail(PubSubError.MANAGED_STOPPED);
        } else {
            org.topic(named.get().topic())
                    .ifPresentOrElse(
                            topic -> take(named.get(), topic), () -> delivery.fail(PubSubError.TOPIC_NOT_FOUND));
        }
    }

    private void take(ManagedEventSubscription named, Topic topic) {
        org.faults().called(Call.MANAGED_SUBSCRIBE, topic.name()).ifPresent(delivery::meet);
        if (delivery.closed()) {
            return;
        }
        if (org.definitions().denied(topic.name())) {
            delivery.fail(PubSubError.TOPIC_NOT_SUBSCRIBABLE);
        } else if (!slot.take(named)) {
            delivery.fail(PubSubError.MANAGED_ACTIVE);
        } else {
            subscription = named;
            begin(named, topic);
            expectCommit();
            if (delivery.closed()) {
                slot.release(Duration.ZERO);
            }
        }
    }

    private void begin(ManagedEventSubscription named, Topic topic) {
        var committed = named.committed();
        if (committed.isPresent() && org.bus().knows(committed.get())) {
            delivery.begin(topic, committed.get());
        } else {
            begin(topic, committed.isPresent() ? named.errorRecoveryReplay() : named.defaultReplay());
        }
    }

    private void begin(Topic topic, Replay replay) {
        switch (replay) {
            case LATEST -> delivery.beginAtLatest(topic);
            case EARLIEST -> delivery.begin(topic, org.bus().earliest());
        }
    }

    /** An error of a commit is told within the stream and does not end it. */
    private ManagedFetchResponse committed(ManagedEventSubscription named, CommitReplayRequest request) {
        var served = delivery.position();
        var position = ReplayId.parse(request.getReplayId())
                .filter(org.bus()::knows)
                .filter(id ->
                        served.isPresent() && id.position() <= served.get().position());
        var response = CommitReplayResponse.newBuilder()
                .setCommitRequestId(request.getCommitRequestId())
                .setReplayId(request.getReplayId())
                .setProcessTime(System.currentTimeMillis());
        position.ifPresentOrElse(
                named::commit,
                () -> response.setError(Error.newBuilder()
                        .setCode(ErrorCode.COMMIT)
                        .setMsg("The Replay ID is invalid, or its event was not delivered yet.")));
        if (position.isPresent()) {
            expectCommit();
        }
        return ManagedFetchResponse.newBuilder()
                .setCommitResponse(response)
                .setLatestReplayId(served.map(ReplayId::bytes).orElse(request.getReplayId()))
                .setRpcId(UUID.randomUUID().toString())
                .setPendingNumRequested(delivery.pending())
                .build();
    }

    private void expectCommit() {
        slot.expectCommit(seconds -> delivery.fail(PubSubError.MANAGED_COMMIT_TIMEOUT, seconds));
    }

    private static boolean names(ManagedFetchRequest request) {
        return !request.getSubscriptionId().isEmpty()
                || !request.getDeveloperName().isEmpty();
    }

    private static boolean names(ManagedEventSubscription each, ManagedFetchRequest request) {
        var id = request.getSubscriptionId();
        var name = request.getDeveloperName();
        return names(request)
                && (id.isEmpty()
                        || id.equals(each.id().value())
                        || id.equals(each.id().shortForm()))
                && (name.isEmpty() || name.equals(each.developerName()));
    }

    private static PubSubError unknown(ManagedFetchRequest request) {
        var id = Optional.of(request.getSubscriptionId()).filter(given -> !given.isEmpty());
        if (id.isPresent()) {
            return id.get().matches("18x[0-9A-Za-z]{12}([0-9A-Za-z]{3})?")
                    ? PubSubError.MANAGED_ID_NOT_FOUND
                    : PubSubError.MANAGED_ID_INVALID;
        }
        return request.getDeveloperName().isEmpty()
                ? PubSubError.MANAGED_NAME_EMPTY
                : PubSubError.MANAGED_NAME_NOT_FOUND;
    }
}
