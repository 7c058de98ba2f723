package io.lightline.relay.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.api.PublishingBodies.Broadcast;
import io.lightline.relay.api.PublishingBodies.Broadcasted;
import io.lightline.relay.api.PublishingBodies.Publish;
import io.lightline.relay.hub.LossyBackplane;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.tenant.Verifiers;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NullUnmarked
class PublishingTest {

    private static final Tenant ACME = Verifiers.tenants(Map.of(
                    "lightline.tenants.acme.anonymous", "true",
                    "lightline.tenants.acme.namespaces.chat.prefix", "chat:",
                    "lightline.tenants.acme.namespaces.chat.history-size", "10",
                    "lightline.tenants.acme.namespaces.chat.history-ttl", "1m",
                    "lightline.tenants.acme.namespaces.event.prefix", "/event/",
                    "lightline.tenants.acme.namespaces.event.salesforce-publish", "true"))
            .all()
            .iterator()
            .next();

    private final LossyBackplane backplane = new LossyBackplane(
            new InMemoryBackplane(new InMemoryStore(), TestConfig.of(BackplaneConfig.class, Map.of())));
    private final List<String> asked = new CopyOnWriteArrayList<>();
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

    @Test
    void anEventForSalesforceIsAnsweredWithItsReplayId() {
        // given
        serve("{\"replayId\":\"AAAAAAAXkCkAAA==\"}");

        // when
        var published =
                publish(new Publish("/event/Order__e", RawJson.of("{\"Amount__c\":1}"), null, null, false, null));

        // then
        assertThat(published).isEqualTo(new PublishingBodies.Published(0, "", "AAAAAAAXkCkAAA=="));
        assertThat(asked)
                .singleElement()
                .satisfies(question -> assertThat(question)
                        .matches("\\{\"publish\":\\{\"id\":\"[0-9a-f-]{36}\",\"data\":\\{\"Amount__c\":1}}}"));
    }

    @Test
    void anIdempotencyKeyIsTheEventsId() {
        // given
        serve("{\"replayId\":\"AAAAAAAXkCkAAA==\"}");

        // when
        for (String key : List.of("one", "two", "one")) {
            publish(new Publish("/event/Order__e", RawJson.of("{}"), null, null, false, key));
        }

        // then
        assertThat(asked).hasSize(3);
        assertThat(asked.get(2)).isEqualTo(asked.get(0)).isNotEqualTo(asked.get(1));
    }

    @Test
    void ofABroadcastEachChannelGoesItsOwnWay() {
        // given
        serve("{\"replayId\":\"AAAAAAAXkCkAAA==\"}");

        // when
        var responses =
                broadcast("/event/Order__e", "chat:a", "/event/Unserved__e").responses();

        // then
        assertThat(responses.get(0).result().replayId()).isEqualTo("AAAAAAAXkCkAAA==");
        assertThat(responses.get(1).result().offset()).isEqualTo(1);
        assertThat(responses.get(2).error())
                .isEqualTo(
                        new ApiAnswer.Error(100, "internal server error: nobody publishes to /event/Unserved__e now"));
    }

    @Test
    void whatSalesforceCannotCarryIsRefused() {
        // given
        serve("{\"replayId\":\"AAAAAAAXkCkAAA==\"}");

        // then
        assertThatThrownBy(() ->
                        publish(new Publish("/event/Order__e", RawJson.of("{}"), null, Map.of("a", "b"), false, null)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no tags and no skip_history");
        assertThatThrownBy(() -> publish(new Publish("/event/Order__e", RawJson.of("{}"), null, null, true, null)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no tags and no skip_history");
        assertThat(asked).isEmpty();
    }

    @Test
    void lightlinesOwnTagsCannotBeForged() {
        assertThatThrownBy(() ->
                        publish(new Publish("chat:a", RawJson.of("{}"), null, Map.of("lightline", "gap"), false, null)))
                .isInstanceOf(ApiException.class)
                .hasMessage("bad request: tags.lightline is Lightline's own");
        assertThatThrownBy(() -> publish(
                        new Publish("chat:a", RawJson.of("{}"), null, Map.of("traceparent", "00-1-1-01"), false, null)))
                .isInstanceOf(ApiException.class)
                .hasMessage("bad request: tags.traceparent is Lightline's own");
        assertThatThrownBy(() -> publishing
                        .broadcast(
                                ACME,
                                new Broadcast(
                                        List.of("chat:a"),
                                        RawJson.of("1"),
                                        null,
                                        Map.of("lightline", "x"),
                                        false,
                                        null))
                        .await()
                        .indefinitely())
                .isInstanceOf(ApiException.class);
    }

    private void serve(String answer) {
        backplane
                .serve(new ChannelName("acme", "/event/Order__e"), question -> {
                    asked.add(question.toString());
                    return Uni.createFrom().item(RawJson.of(answer));
                })
                .await()
                .indefinitely();
    }

    private PublishingBodies.Published publish(Publish request) {
        return publishing.publish(ACME, request).await().indefinitely();
    }

    private Broadcasted broadcast(String... channels) {
        var request = new Broadcast(List.of(channels), RawJson.of("1"), null, null, false, null);
        return publishing.broadcast(ACME, request).await().indefinitely();
    }
}
