package io.lightline.relay.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.api.PublishingBodies.Broadcast;
import io.lightline.relay.api.PublishingBodies.Broadcasted;
import io.lightline.relay.hub.LossyBackplane;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.tenant.Verifiers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NullUnmarked
class PublishingTest {

    private static final Tenant ACME = Verifiers.tenants(Map.of(
                    "lightline.tenants.acme.anonymous", "true",
                    "lightline.tenants.acme.namespaces.chat.prefix", "chat:",
                    "lightline.tenants.acme.namespaces.chat.history-size", "10",
                    "lightline.tenants.acme.namespaces.chat.history-ttl", "1m"))
            .all()
            .iterator()
            .next();

    private final LossyBackplane backplane = new LossyBackplane(
            new InMemoryBackplane(new InMemoryStore(), TestConfig.of(BackplaneConfig.class, Map.of())));
    private final Publishing publishing = new Publishing(
            backplane, new ApiChannels(new ChannelAuthorizer()), InstantSource.system(), new ObjectMapper());

    @AfterEach
    void close() {
        backplane.close().await().indefinitely();
    }

    @Test
    void aBroadcastTellsWhichChannelsTheBackplaneDidNotTake() {
        // given
        backplane.takes = channel -> !channel.name().equals("chat:lost");

        // when
        List<ApiAnswer<PublishingBodies.Published>> responses =
                broadcast("chat:a", "chat:lost", "nowhere", "chat:b").responses();

        // then
        assertThat(responses).extracting(answer -> answer.result() != null).containsExactly(true, false, false, true);
        assertThat(responses.get(1).error().code()).isEqualTo(100);
        assertThat(responses.get(1).error().message()).contains("try again");
        assertThat(responses.get(2).error().code()).isEqualTo(102);
    }

    @Test
    void aBroadcastOfWhichNothingIsPublishedFails() {
        // given
        backplane.takes = channel -> false;

        // then
        assertThatThrownBy(() -> broadcast("nowhere", "chat:a", "chat:b"))
                .isInstanceOf(BackplaneUnavailableException.class);
        assertThat(broadcast("nowhere").responses())
                .singleElement()
                .satisfies(answer -> assertThat(answer.error().code()).isEqualTo(102));
    }

    private Broadcasted broadcast(String... channels) {
        var request = new Broadcast(List.of(channels), RawJson.of("1"), null, null, false, null);
        return publishing.broadcast(ACME, request).await().indefinitely();
    }
}
