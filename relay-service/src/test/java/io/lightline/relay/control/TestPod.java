package io.lightline.relay.control;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.BackplaneListener;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.NodeInfo;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.hub.Hubs;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.session.SessionServices;
import io.lightline.relay.session.Sessions;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.RevokedTokens;
import io.lightline.relay.tenant.Verifiers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** One of several pods on a store: its sessions are real, their sockets are not. Deaf, it hears no control message. */
final class TestPod implements AutoCloseable {

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    final InMemoryBackplane backplane;
    final Survey survey;
    final ControlDesk desk;
    final Revocations revocations;
    private final ScheduledExecutorService eventLoop = Executors.newSingleThreadScheduledExecutor();
    private final SessionLoops loops = new SessionLoops();
    private final SessionServices services;
    private final OrderThread orders = new OrderThread();
    private volatile boolean deaf;

    TestPod(InMemoryStore store, Map<String, String> config) {
        backplane = new InMemoryBackplane(store, TestConfig.of(BackplaneConfig.class, config));
        Hub hub = Hubs.started(backplane, new SimpleMeterRegistry());
        RevokedTokens revoked = Verifiers.revoked(InstantSource.system());
        var codec = new ControlCodec();
        revocations = new Revocations(backplane, revoked, loops);
        survey = new Survey(backplane, codec);
        var census = new Census(backplane, codec, hub, loops);
        desk = new ControlDesk(backplane, codec, loops, new ChannelAuthorizer(), revocations, census, survey, orders);
        services = Sessions.services(
                backplane,
                hub,
                Verifiers.of(config, InstantSource.system(), revoked, new SimpleMeterRegistry()),
                config);
        backplane.listen(new Listener(hub));
        backplane
                .announce(new NodeInfo(backplane.podId(), name(), "1.2.3", 0, 0, 0, 0, 0))
                .await()
                .indefinitely();
    }

    String name() {
        return "pod-" + backplane.podId();
    }

    /** Somebody connects here and is let in. */
    TestClient connect(String token) {
        TestClient client = tryToConnect(token);
        client.hears("{\"id\":1,\"connect\":{");
        return client;
    }

    /** Somebody asks to be let in. */
    TestClient tryToConnect(String token) {
        var client = new TestClient();
        SessionLoops.SessionLoop loop = loops.of(eventLoop);
        var session = new Session(
                "c" + CLIENTS.incrementAndGet(),
                services,
                Encoding.JSON,
                client,
                eventLoop,
                loop.fanout(),
                Optional.empty());
        loop.sessions().add(session);
        client.connect(session, token);
        return client;
    }

    /** What has come here until now has been passed on to the sessions. */
    void settle() {
        backplane.nodes().await().indefinitely();
        CompletableFuture.runAsync(() -> {}, orders).join();
    }

    void goDeaf() {
        deaf = true;
    }

    @Override
    public void close() {
        backplane.close().await().indefinitely();
        orders.close();
        eventLoop.shutdownNow();
    }

    private final class Listener implements BackplaneListener {

        private final Hub hub;

        Listener(Hub hub) {
            this.hub = hub;
        }

        @Override
        public void onPublication(ChannelName channel, String epoch, Publication publication) {
            hub.onPublication(channel, epoch, publication);
        }

        @Override
        public void onPresence(ChannelName channel, PresenceEvent event) {
            hub.onPresence(channel, event);
        }

        @Override
        public void onControl(RawJson message) {
            if (!deaf) {
                desk.receive(message);
            }
        }

        @Override
        public void onInterrupted() {}

        @Override
        public void onRestored() {
            revocations.restored();
        }
    }
}
