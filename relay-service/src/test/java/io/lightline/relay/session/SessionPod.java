package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Position;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.TestConfig;
import io.lightline.relay.hub.FanoutLoop;
import io.lightline.relay.hub.Hubs;
import io.lightline.relay.hub.LossyBackplane;
import io.lightline.relay.presence.LocalPresence;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.RevokedTokens;
import io.lightline.relay.tenant.Verifiers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A pod's sessions on one event loop, over recording sockets, and a clock that the test moves. */
final class SessionPod implements AutoCloseable {

    private static final BackplaneConfig BACKPLANE = TestConfig.of(BackplaneConfig.class, Map.of());

    final LossyBackplane backplane = new LossyBackplane(new InMemoryBackplane(new InMemoryStore(), BACKPLANE));
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final RevokedTokens revoked;
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final FanoutLoop fanout = new FanoutLoop(loop);
    private final SessionServices services;
    private volatile Instant now = Instant.now();

    SessionPod(Map<String, String> config) {
        revoked = Verifiers.revoked(() -> now);
        services = new SessionServices(
                Verifiers.of(config, () -> now, revoked, registry),
                revoked,
                new ChannelAuthorizer(),
                Hubs.started(backplane, registry),
                new LocalPresence(backplane, BACKPLANE),
                backplane,
                new ConnectionLimits(),
                TestConfig.of(SessionConfig.class, config),
                new SessionMetrics(registry),
                () -> now,
                "node-1",
                "1.2.3");
    }

    /** A socket that says nothing yet. */
    TestClient open(String id) {
        return open(id, Optional.empty());
    }

    TestClient open(String id, Optional<String> origin) {
        return open(id, Encoding.JSON, origin);
    }

    TestClient open(String id, Encoding encoding, Optional<String> origin) {
        var outbox = new RecordingOutbox();
        return new TestClient(this, new Session(id, services, encoding, outbox, loop, fanout, origin), outbox);
    }

    Instant now() {
        return now;
    }

    void moveClock(Duration time) {
        now = now.plus(time);
    }

    /** From elsewhere, to the tenant {@code demo}. */
    Position publish(String channel, Draft draft) {
        return backplane
                .publish(
                        new ChannelName("demo", channel),
                        draft,
                        PublishOptions.keeping(new Retention(100, Duration.ofMinutes(10))))
                .await()
                .indefinitely();
    }

    Position publish(String channel, String json) {
        return publish(channel, Draft.of(RawJson.of(json)));
    }

    /** Readings of streams begin and do not end before the latch is counted down. */
    CountDownLatch holdReadings() {
        backplane.historyReads.set(0);
        backplane.readings = new CountDownLatch(1);
        return backplane.readings;
    }

    /** Readings that have begun since they are held. */
    int readings() {
        return backplane.historyReads.get();
    }

    /** What is under way between the two threads is done when this returns; a step may cause the next. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            var passed = new CountDownLatch(1);
            backplane.deliveryThread().execute(passed::countDown);
            await().untilAsserted(() -> assertThat(passed.getCount()).isZero());
            onLoop(() -> {});
        }
    }

    void onLoop(Runnable task) {
        try {
            loop.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        backplane.readings.countDown();
        backplane.close().await().indefinitely();
        loop.shutdown();
    }
}
