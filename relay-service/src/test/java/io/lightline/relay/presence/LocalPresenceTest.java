package io.lightline.relay.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Member;
import io.lightline.backplane.PresenceOptions;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalPresenceTest {

    private static final int CHANNELS = 5_000;
    private static final BackplaneConfig CONFIG = TestConfig.of(BackplaneConfig.class, Map.of());

    private final InMemoryBackplane backplane = new InMemoryBackplane(new InMemoryStore(), CONFIG);
    private final AtomicInteger kept = new AtomicInteger();
    private volatile boolean down;

    @AfterEach
    void close() {
        backplane.close().await().indefinitely();
    }

    @Test
    void manyChannelsAreKeptAgainAfterAnOutage() {
        // given
        var presence = new LocalPresence(outages(), CONFIG);
        for (int i = 0; i < CHANNELS; i++) {
            var member = new Member("client", "alice", "pod", RawJson.of("{}"));
            presence.enter(new ChannelName("acme", "chat:" + i), member, new PresenceOptions(true, false));
        }
        down = true;
        onDeliveryThread(presence::restored);

        // when
        down = false;
        onDeliveryThread(presence::restored);

        // then
        await().untilAsserted(() -> assertThat(kept).hasValue(CHANNELS));
    }

    /** The same backplane, but that it fails at once while it is down, as one does that knows so, and counts what is kept. */
    private Backplane outages() {
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (_, method, arguments) -> {
                    if (method.getName().equals("keep")) {
                        if (down) {
                            return Uni.createFrom().failure(new BackplaneUnavailableException("down"));
                        }
                        kept.incrementAndGet();
                    }
                    return method.invoke(backplane, arguments);
                });
    }

    private void onDeliveryThread(Runnable task) {
        CompletableFuture.runAsync(task, backplane.deliveryThread()).join();
    }
}
