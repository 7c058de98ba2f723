package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.SimulatorConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The open subscriptions of all orgs, and the one thread that keeps their time. Thread-safe. */
@ApplicationScoped
public class Streams {

    private final SimulatorConfig config;
    private final Map<Org, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("stream-timer").factory());

    Streams(SimulatorConfig config) {
        this.config = config;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The org's open subscriptions. */
    public List<StreamInfo> of(Org org) {
        return open(org).stream().map(Subscription::info).toList();
    }

    /** Ends all subscriptions of the org and says how many there were. */
    public int endAll(Org org, Status status) {
        var open = List.copyOf(open(org));
        open.forEach(subscription -> subscription.end(status));
        return open.size();
    }

    Subscription subscribe(Org org, ServerCallStreamObserver<FetchResponse> call) {
        var open = open(org);
        var subscription = new Subscription(org, call, timer, config.keepalive(), config.idleClose(), open::remove);
        open.add(subscription);
        subscription.start();
        return subscription;
    }

    PublishStream publish(Org org, ServerCallStreamObserver<PublishResponse> call) {
        var stream = new PublishStream(org, call, timer, config.idleClose());
        stream.start();
        return stream;
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }

    private Set<Subscription> open(Org org) {
        return subscriptions.computeIfAbsent(org, _ -> ConcurrentHashMap.newKeySet());
    }
}
