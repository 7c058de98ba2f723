package io.lightline.relay.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Member;
import io.lightline.backplane.PresenceOptions;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.hub.LossyBackplane;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalPresenceTest {

    private static final BackplaneConfig CONFIG = TestConfig.of(BackplaneConfig.class, Map.of());
    private static final ChannelName ROOM = new ChannelName("acme", "room");
    private static final Member ALICE = new Member("c1", "alice", "pod-1", RawJson.of("{}"));
    private static final PresenceOptions LISTED = new PresenceOptions(true, false);

    private final LossyBackplane backplane = new LossyBackplane(new InMemoryBackplane(new InMemoryStore(), CONFIG));
    private final LocalPresence presence = new LocalPresence(backplane, CONFIG);

    @AfterEach
    void stop() {
        backplane.keeping.countDown();
        backplane.close().await().indefinitely();
    }

    @Test
    void whoIsHereIsToldAgainWhenTheStoreIsBack() {
        // given
        presence.enter(ROOM, ALICE, LISTED);

        // when
        restored();

        // then
        await().untilAsserted(() -> assertThat(backplane.keeps).hasValue(1));
    }

    @Test
    void whatWasBeingToldWhenTheStoreForgotIsToldAgain() {
        // given: a round that is under way
        var gate = new CountDownLatch(1);
        backplane.keeping = gate;
        presence.enter(ROOM, ALICE, LISTED);
        restored();
        await().untilAsserted(() -> assertThat(backplane.keeps).hasValue(1));

        // when
        restored();
        backplane.deliveryThread().execute(gate::countDown);

        // then
        await().untilAsserted(() -> assertThat(backplane.keeps).hasValue(2));
    }

    @Test
    void manyChannelsAreToldAgainAfterAnOutage() {
        // given
        int channels = 5_000;
        for (int i = 0; i < channels; i++) {
            presence.enter(new ChannelName("acme", "room:" + i), ALICE, LISTED);
        }
        backplane.down = true;
        restored();
        backplane.deliveryThread().execute(() -> backplane.down = false);

        // when
        restored();

        // then
        await().untilAsserted(() -> assertThat(backplane.keeps).hasValue(channels));
    }

    private void restored() {
        backplane.deliveryThread().execute(presence::restored);
    }
}
