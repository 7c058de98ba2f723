package io.lightline.simulator.pubsub;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ManagedFetchRequest;
import io.lightline.pubsub.v1.ManagedFetchResponse;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.SimulatorConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/** The subscriptions of all orgs, open and past, and the one thread that keeps their time. Thread-safe. */
@ApplicationScoped
public class Streams {

    private final Delivery.Times times;
    private final SimulatorConfig.Managed managed;
    private final Map<Org, Set<Delivery<?>>> deliveries = new ConcurrentHashMap<>();
    private final Map<Org, Set<PublishStream>> publishing = new ConcurrentHashMap<>();
    private final Map<Org, StreamHistory> histories = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("stream-timer").factory());

    Streams(SimulatorConfig config) {
        this.times = new Delivery.Times(config.keepalive(), config.idleClose(), config.settle());
        this.managed = config.managed();
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The org's open subscriptions that have named their topic, the oldest first. */
    public List<StreamInfo> of(Org org) {
        return history(org).all().stream()
                .filter(record -> !record.ended())
                .map(StreamRecord::info)
                .toList();
    }

    /** All subscriptions that the org has seen, the oldest first. */
    public List<StreamInfo> past(Org org) {
        return history(org).all().stream().map(StreamRecord::info).toList();
    }

    /** When two subscriptions to one topic were open at the same time. */
    public List<Overlap> overlaps(Org org) {
        return Overlap.among(history(org).all(), Instant.now());
    }

    /** Forgets the subscriptions that have ended. */
    public void forgetPast(Org org) {
        history(org).clear();
    }

    /** How many events the slowest of the topic's subscribers still has before it. */
    public int behind(Org org, String topic) {
        return open(org).stream()
                .filter(delivery -> delivery.topic()
                        .filter(each -> each.sources().contains(topic))
                        .isPresent())
                .mapToInt(Delivery::behind)
                .max()
                .orElse(0);
    }

    /** Ends all subscriptions of the org, and says how many there were, and all streams that publish. */
    public int endAll(Org org, Status status) {
        List.copyOf(publishing.getOrDefault(org, Set.of())).forEach(stream -> stream.end(status));
        var open = List.copyOf(open(org));
        open.forEach(delivery -> delivery.end(status));
        return open.size();
    }

    StreamObserver<FetchRequest> subscribe(Org org, Wire wire, ServerCallStreamObserver<FetchResponse> call) {
        return new Subscription(org, deliver(org, new Outlet<>(call, wire, Streams::response), _ -> {}));
    }

    StreamObserver<ManagedFetchRequest> subscribeManaged(
            Org org, Wire wire, ServerCallStreamObserver<ManagedFetchResponse> call) {
        var slot = new ManagedSlot(timer, managed.commitTimeout());
        var delivery = deliver(
                org,
                new Outlet<>(call, wire, Streams::managedResponse),
                ended -> slot.release(ended.broken() ? managed.slotHold() : Duration.ZERO));
        return new ManagedSubscription(org, delivery, slot);
    }

    StreamObserver<PublishRequest> publish(Org org, Wire wire, ServerCallStreamObserver<PublishResponse> call) {
        var open = publishing.computeIfAbsent(org, _ -> ConcurrentHashMap.newKeySet());
        var stream = new PublishStream(org, call, wire, timer, times.idleClose(), open::remove);
        open.add(stream);
        stream.start();
        return stream;
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }

    private <R> Delivery<R> deliver(Org org, Outlet<R> outlet, Consumer<Delivery<R>> onClosed) {
        var open = open(org);
        var delivery = new Delivery<>(org, outlet, timer, times, history(org), ended -> {
            open.remove(ended);
            onClosed.accept(ended);
        });
        open.add(delivery);
        delivery.start();
        return delivery;
    }

    private Set<Delivery<?>> open(Org org) {
        return deliveries.computeIfAbsent(org, _ -> ConcurrentHashMap.newKeySet());
    }

    private StreamHistory history(Org org) {
        return histories.computeIfAbsent(org, _ -> new StreamHistory());
    }

    private static FetchResponse response(List<ConsumerEvent> events, ByteString latest, String rpcId, int pending) {
        return FetchResponse.newBuilder()
                .addAllEvents(events)
                .setLatestReplayId(latest)
                .setRpcId(rpcId)
                .setPendingNumRequested(pending)
                .build();
    }

    private static ManagedFetchResponse managedResponse(
            List<ConsumerEvent> events, ByteString latest, String rpcId, int pending) {
        return ManagedFetchResponse.newBuilder()
                .addAllEvents(events)
                .setLatestReplayId(latest)
                .setRpcId(rpcId)
                .setPendingNumRequested(pending)
                .build();
    }
}
