package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The unmodified SDK for Java, and so the protobuf encoding, against two pods. */
@NullUnmarked
class CentrifugeJavaIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static TenantPods pods;

    private final String room = "room:" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        pods = TenantPods.start();
    }

    @AfterAll
    static void stop() {
        pods.close();
    }

    @Test
    void whatIsPublishedOnOnePodArrivesOnBothInOneOrder() {
        // given
        try (var alice = connect(0, "alice");
                var bob = connect(1, "bob")) {
            var ofAlice = alice.subscribe(room);
            var ofBob = bob.subscribe(room);

            // when
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? ofAlice : ofBob).publish("{\"number\": " + i + "}");
            }

            // then
            var expected = IntStream.range(0, 20)
                    .mapToObj(i -> "{\"number\": " + i + "}")
                    .toList();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(ofAlice.data()).isEqualTo(expected));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(ofBob.data()).isEqualTo(expected));
            assertThat(ofBob.heard().publications)
                    .extracting(PublicationEvent::getOffset)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
            ClientInfo publisher = ofBob.heard().publications.getFirst().getInfo();
            assertThat(publisher.getUser()).isEqualTo("alice");
            assertThat(publisher.getClient()).isEqualTo(alice.id());
            assertThat(JavaSdkSubscription.text(publisher.getConnInfo())).isEqualTo("{\"name\":\"alice\"}");
        }
    }

    @Test
    void clientsOfBothEncodingsTalkToEachOther() {
        // given
        try (var protobuf = connect(0, "alice");
                var json = RelayClient.connect(pods.webSocketUri(1), token("bob"))) {
            var ofProtobuf = protobuf.subscribe(room);
            var ofJson = json.subscribe(room);

            // when
            ofProtobuf.publish("{\"text\":\"grüß Gott\"}");
            json.publish(room, Json.object().put("text", "hello"));

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ofProtobuf.data())
                            .containsExactly("{\"text\":\"grüß Gott\"}", "{\"text\":\"hello\"}"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ofJson.data())
                            .containsExactly(
                                    Json.object().put("text", "grüß Gott"),
                                    Json.object().put("text", "hello")));
        }
    }

    @Test
    void aClientWhoseSocketBreaksGetsWhatItMissedFromTheOtherPod() throws IOException {
        // given
        try (var cable = Cable.to(pods.webSocketUri(0));
                var alice = JavaSdk.connect(cable.webSocketUri(), token("alice"));
                var bob = connect(1, "bob")) {
            var ofAlice = alice.subscribe(room);
            var ofBob = bob.subscribe(room);
            ofBob.publish("0");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(ofAlice.data()).hasSize(1));

            // when
            cable.cut();
            for (int i = 1; i <= 50; i++) {
                ofBob.publish("" + i);
            }
            cable.mend(pods.webSocketUri(1));

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ofAlice.data())
                            .containsExactlyElementsOf(IntStream.rangeClosed(0, 50)
                                    .mapToObj(String::valueOf)
                                    .toList()));
            SubscribedEvent again = ofAlice.heard().subscribed.getLast();
            assertThat(again.wasRecovering()).isTrue();
            assertThat(again.getRecovered()).isTrue();
            assertThat(ofAlice.heard().subscribed).hasSize(2);
        }
    }

    @Test
    void historyIsReadForwardAndBackward() {
        // given
        try (var alice = connect(0, "alice")) {
            var ofAlice = alice.subscribe(room);
            for (int i = 1; i <= 5; i++) {
                ofAlice.publish("" + i);
            }

            // when
            var top = ofAlice.history(new HistoryOptions.Builder().build());
            var all = ofAlice.history(new HistoryOptions.Builder().withLimit(-1).build());
            var last = ofAlice.history(
                    new HistoryOptions.Builder().withLimit(2).withReverse(true).build());
            var since = ofAlice.history(new HistoryOptions.Builder()
                    .withLimit(10)
                    .withSince(new StreamPosition(3, top.getEpoch()))
                    .build());

            // then
            assertThat(top.getOffset()).isEqualTo(5);
            assertThat(top.getPublications()).isEmpty();
            assertThat(data(all.getPublications())).containsExactly("1", "2", "3", "4", "5");
            assertThat(data(last.getPublications())).containsExactly("5", "4");
            assertThat(data(since.getPublications())).containsExactly("4", "5");
        }
    }

    @Test
    void everybodySeesWhoIsThereAndWhoComesAndGoes() {
        // given
        try (var alice = connect(0, "alice");
                var bob = connect(1, "bob")) {
            var ofAlice = alice.subscribe(room);
            var ofBob = bob.subscribe(room);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ofAlice.heard().joined).contains("bob"));

            // when
            var presence = ofAlice.presence().getClients();
            var stats = ofAlice.presenceStats();
            ofBob.end();

            // then
            assertThat(presence).containsOnlyKeys(alice.id(), bob.id());
            ClientInfo info = presence.get(bob.id());
            assertThat(info.getUser()).isEqualTo("bob");
            assertThat(JavaSdkSubscription.text(info.getConnInfo())).isEqualTo("{\"name\":\"bob\"}");
            assertThat(stats.getNumClients()).isEqualTo(2);
            assertThat(stats.getNumUsers()).isEqualTo(2);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ofAlice.heard().left).containsExactly("bob"));
        }
    }

    @Test
    void nothingComesAfterUnsubscribe() {
        // given
        try (var alice = connect(0, "alice");
                var bob = connect(1, "bob")) {
            var ofAlice = alice.subscribe(room);
            var ofBob = bob.subscribe(room);
            ofBob.publish("1");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(ofAlice.data()).hasSize(1));

            // when
            int code = ofAlice.end();
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(ofBob.presenceStats().getNumClients()).isEqualTo(1));
            ofBob.publish("2");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(ofBob.data()).hasSize(2));

            // then: and what was said to it later has been heard by now
            assertThat(code).isZero();
            alice.subscribe("room:" + UUID.randomUUID());
            assertThat(ofAlice.data()).containsExactly("1");
        }
    }

    @Test
    void aTokenPutsItsClientOnChannels() {
        // given
        ObjectNode claims = claims("alice");
        claims.putArray("channels").add(room);
        try (var alice = JavaSdk.connect(pods.webSocketUri(0), sign(claims));
                var bob = connect(1, "bob")) {
            // when
            bob.subscribe(room).publish("{\"for\":\"alice\"}");

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(alice.publications())
                            .singleElement()
                            .satisfies(publication -> {
                                assertThat(publication.getChannel()).isEqualTo(room);
                                assertThat(JavaSdkSubscription.text(publication.getData()))
                                        .isEqualTo("{\"for\":\"alice\"}");
                            }));
        }
    }

    @Test
    void refusalsHaveTheProtocolsCodes() {
        try (var alice = connect(0, "alice");
                var stranger = JavaSdk.start(pods.webSocketUri(0), "no token")) {
            var ofAlice = alice.subscribe(room);

            assertRefused(107, () -> ofAlice.publish("no JSON"));
            assertRefused(102, () -> alice.publish("nowhere:x", "1"));
            assertRefused(103, () -> alice.publish("news:x", "1"));
            assertThat(stranger.end()).isEqualTo(3500);
            assertThat(alice.hasGivenUp()).isFalse();
        }
    }

    @Test
    void itAnswersThePingsOfTheRelay() {
        // given
        var hasty = Map.of("lightline.session.ping-interval", "1s", "lightline.session.pong-timeout", "1s");
        try (var relay = LoneRelay.start("java-ping", hasty);
                var alice = JavaSdk.connect(relay.webSocketUri(), "")) {
            var metrics = new Metrics(relay.managementUri("/q/metrics"));

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(metrics.sum("lightline_ping_roundtrip_seconds_count"))
                            .isGreaterThanOrEqualTo(3));
            assertThat(metrics.sum("lightline_closes_total")).isZero();
            assertThat(alice.hasGivenUp()).isFalse();
        }
    }

    private static void assertRefused(int code, ThrowingCallable request) {
        assertThatThrownBy(request)
                .cause()
                .asInstanceOf(type(ReplyError.class))
                .extracting(ReplyError::getCode)
                .isEqualTo(code);
    }

    private static List<String> data(List<Publication> publications) {
        return publications.stream()
                .map(publication -> JavaSdkSubscription.text(publication.getData()))
                .toList();
    }

    private static JavaSdk connect(int pod, String user) {
        return JavaSdk.connect(pods.webSocketUri(pod), token(user));
    }

    private static String token(String user) {
        return sign(claims(user));
    }

    private static String sign(ObjectNode claims) {
        return Jwt.hs256(pods.acmeSecret(), claims);
    }

    private static ObjectNode claims(String user) {
        ObjectNode claims = Json.object()
                .put("iss", "acme")
                .put("aud", "lightline")
                .put("sub", user)
                .put("exp", Instant.now().plus(Duration.ofMinutes(5)).getEpochSecond());
        claims.putObject("info").put("name", user);
        return claims;
    }
}
