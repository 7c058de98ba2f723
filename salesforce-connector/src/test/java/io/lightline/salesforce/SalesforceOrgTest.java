package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.salesforce.auth.Credentials.FixedToken;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.InitialReplay;
import io.lightline.salesforce.pubsub.LostPosition;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.ScriptedPubSub;
import io.lightline.salesforce.pubsub.StreamSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connector without SmallRye: an org, its topics, and their metrics. */
class SalesforceOrgTest {

    private final List<Message<TopicItem>> messages = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ScriptedPubSub server;
    private SalesforceOrg org;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPubSub();
        org = SalesforceOrg.open(new OrgSettings(
                new FixedToken(new Token("t", URI.create("https://org.example"), "00D000000000001EAA")),
                Duration.ofMinutes(30),
                new Endpoint("127.0.0.1", server.port(), true, Optional.empty()),
                1_000_000));
    }

    @AfterEach
    void stop() {
        org.close();
        server.close();
    }

    @Test
    void topicHasOneStreamAfterTheOtherAndItsCountsGoOn() {
        // given
        SalesforceStream first = open("/event/Order__e");
        receiveOne();
        assertThatThrownBy(() -> org.stream(settings("/event/Order__e"), ReplayStore.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/event/Order__e");

        // when
        first.stop().toCompletableFuture().join();
        SalesforceStream second = org.stream(settings("/event/Order__e"), ReplayStore.none());

        // then
        assertThat(second.status().delivered()).isEqualTo(1);
    }

    @Test
    void topicsShareAConnectionAndALogin() {
        // when
        open("/event/Order__e");
        open("/data/ChangeEvents");

        // then
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(2));
        assertThat(server.clients().stream().distinct()).hasSize(1);
        assertThat(org.alive()).isTrue();
    }

    @Test
    void moreTopicsThanAConnectionHasRoomForAreRefused() {
        // given
        for (int i = 0; i < 90; i++) {
            org.stream(settings("/event/E" + i + "__e"), ReplayStore.none());
        }

        // when / then
        assertThatThrownBy(() -> org.stream(settings("/event/Order__e"), ReplayStore.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("90");
    }

    @Test
    void closedOrgEndsItsStreamsSoThatNobodyWaitsForThem() {
        // given
        SalesforceStream stream = open("/event/Order__e");
        receiveUnanswered();
        var stopped = stream.stop().toCompletableFuture();

        // when
        org.close();

        // then
        await().untilAsserted(() -> assertThat(stopped).isCompleted());
        await().untilAsserted(() -> assertThat(stream.ended()).isTrue());
    }

    @Test
    void metricsTellOrgTopicAndCauseAndTheirSumHolds() {
        // given
        SalesforceStream stream = open("/event/Order__e");
        StreamMetrics metrics = StreamMetrics.bind(meters, "acme", stream);
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(1));

        // when
        server.calls().getFirst().send(ScriptedPubSub.order(1), ScriptedPubSub.undecodable(2), ScriptedPubSub.order(3));
        await().untilAsserted(() -> assertThat(messages).hasSize(3));
        messages.forEach(message -> message.ack());
        server.calls().getFirst().complete();

        // then
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(2));
        assertThat(count("received")).isEqualTo(3);
        assertThat(count("received")).isEqualTo(count("delivered") + count("undecodable") + count("discarded"));
        assertThat(count("reconnects", "cause", "ok")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(gauge("ready")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(gauge("credits")).isEqualTo(10));
        assertThat(gauge("halted")).isZero();
        assertThat(gauge("unanswered")).isZero();
        assertThat(gauge("checkpoint.age")).isNotNegative();
        assertThat(gauge("last.response.age")).isNotNegative();
        assertThat(gauge("lag")).isPositive();
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    private SalesforceStream open(String topic) {
        SalesforceStream stream = org.stream(settings(topic), ReplayStore.none());
        Cancellable _ = Multi.createFrom().publisher(stream).subscribe().with(messages::add);
        return stream;
    }

    private void receiveOne() {
        receiveUnanswered();
        messages.getFirst().ack();
        assertThat(messages.getFirst().getPayload()).isInstanceOf(SalesforceEvent.class);
    }

    private void receiveUnanswered() {
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(1));
        server.calls().getFirst().send(ScriptedPubSub.order(1));
        await().untilAsserted(() -> assertThat(messages).hasSize(1));
    }

    private double count(String name, String... tags) {
        return meters.get("lightline.salesforce." + name)
                .tags(tags)
                .tag("org", "acme")
                .tag("topic", "/event/Order__e")
                .functionCounter()
                .count();
    }

    private double gauge(String name) {
        return meters.get("lightline.salesforce." + name)
                .tag("org", "acme")
                .gauge()
                .value();
    }

    private static StreamSettings settings(String topic) {
        Duration hour = Duration.ofHours(1);
        return new StreamSettings(
                topic,
                InitialReplay.LATEST,
                LostPosition.LATEST,
                10,
                hour,
                Duration.ZERO,
                hour,
                new StreamSettings.Pauses(Duration.ofMillis(1), Duration.ofMillis(10), hour, hour));
    }
}
