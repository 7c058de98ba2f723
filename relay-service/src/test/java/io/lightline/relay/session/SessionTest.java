package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.Position;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.User;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class SessionTest {

    private static final String SECRET = "a secret that is long enough for HS256";
    private static final Map<String, String> CONFIG = Map.ofEntries(
            Map.entry("lightline.tenants.demo.anonymous", "true"),
            Map.entry("lightline.tenants.demo.issuers.app.hmac-secret", SECRET),
            Map.entry("lightline.tenants.demo.namespaces.chat.prefix", "chat:"),
            Map.entry("lightline.tenants.demo.namespaces.chat.publish", "anybody"),
            Map.entry("lightline.tenants.demo.namespaces.chat.history-size", "100"),
            Map.entry("lightline.tenants.demo.namespaces.chat.history-ttl", "10m"),
            Map.entry("lightline.tenants.demo.namespaces.plain.prefix", "plain:"),
            Map.entry("lightline.tenants.demo.namespaces.secret.prefix", "chat:secret:"),
            Map.entry("lightline.tenants.demo.namespaces.secret.subscribe", "nobody"),
            Map.entry("lightline.session.max-channels", "3"),
            Map.entry("lightline.session.max-in-flight", "4"));

    private final SessionPod pod = new SessionPod(CONFIG);
    private final TestClient client = pod.open("s1");
    private final RecordingOutbox outbox = client.outbox;

    @AfterEach
    void close() {
        pod.close();
    }

    @Test
    void connectsAnonymously() {
        // when
        says("{\"id\":1,\"connect\":{}}");

        // then
        assertThat(outbox.said())
                .containsExactly("{\"id\":1,\"connect\":{\"client\":\"s1\",\"version\":\"1.2.3\",\"node\":\"node-1\","
                        + "\"ping\":25,\"pong\":true}}");
    }

    @Test
    void readsOnWhenItsOwnSubscriptionsAreThere() {
        // given
        String token = token(claims("alice", Duration.ofSeconds(60)).claim("channels", List.of("chat:a", "chat:b")));

        // when
        says("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}\n{\"id\":2,\"ping\":{}}");

        // then
        awaitReply(2);
        assertThat(outbox.said().getFirst())
                .contains("\"chat:a\":{\"recoverable\":true,", "\"chat:b\":{\"recoverable\":true,");
        assertThat(outbox.reading).containsExactly(false, true);
    }

    @Test
    void publishesAndReceives() {
        // given
        says("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");
        awaitReply(2);

        // when
        says("{\"id\":3,\"publish\":{\"channel\":\"chat:a\",\"data\":{\"n\":1}}}");

        // then
        await().untilAsserted(() -> assertThat(outbox.said())
                .anySatisfy(said -> assertThat(said)
                        .startsWith("{\"push\":{\"channel\":\"chat:a\",\"pub\":{\"data\":{\"n\":1},\"offset\":1,"
                                + "\"info\":{\"user\":\"\",\"client\":\"s1\"}"))
                .contains("{\"id\":3,\"publish\":{}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":5,\"connect\":{}}                                                          | 107",
                "{\"id\":5,\"subscribe\":{\"channel\":\"unknown\"}}                                 | 102",
                "{\"id\":5,\"subscribe\":{\"channel\":\"\"}}                                        | 102",
                "{\"id\":5,\"subscribe\":{\"channel\":\"chat:with space\"}}                         | 102",
                "{\"id\":5,\"subscribe\":{\"channel\":\"chat:secret:a\"}}                           | 103",
                "{\"id\":5,\"publish\":{\"channel\":\"plain:a\",\"data\":1}}                        | 103",
                "{\"id\":5,\"history\":{\"channel\":\"plain:a\"}}                                   | 108",
                "{\"id\":5,\"history\":{\"channel\":\"chat:a\",\"since\":{\"epoch\":\"x\"}}}        | 112",
                "{\"id\":5,\"presence\":{\"channel\":\"chat:a\"}}                                   | 108",
                "{\"id\":5,\"dance\":{}}                                                            | 104",
                "{\"id\":5,\"publish\":{\"channel\":\"chat:a\"}}                                    | 107"
            })
    void refusesWithTheProtocolsCode(String command, int code) {
        // given
        says("{\"id\":1,\"connect\":{}}");

        // when
        says(command);

        // then
        awaitReply(5);
        assertThat(outbox.said()).last().asString().startsWith("{\"id\":5,\"error\":{\"code\":" + code + ",");
        assertThat(outbox.closed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json                                                | BAD_REQUEST",
                "{\"id\":1,\"subscribe\":{\"channel\":\"chat:a\"}}       | BAD_REQUEST",
                "{\"connect\":{}}                                        | BAD_REQUEST",
                "{\"id\":1,\"connect\":{\"token\":\"rubbish\"}}          | INVALID_TOKEN"
            })
    void closesOnWhatItCannotAnswer(String frame, CloseCode code) {
        // when
        says(frame);

        // then
        assertThat(outbox.closed).containsExactly(code);
    }

    @Test
    void refusesASecondSubscriptionAndTooMany() {
        // given
        says("{\"id\":1,\"connect\":{}}");
        says("{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");

        // when
        says("{\"id\":3,\"subscribe\":{\"channel\":\"chat:a\"}}");
        says("{\"id\":4,\"subscribe\":{\"channel\":\"chat:b\"}}\n{\"id\":5,\"subscribe\":{\"channel\":\"chat:c\"}}");
        says("{\"id\":6,\"subscribe\":{\"channel\":\"chat:d\"}}");

        // then
        assertThat(outbox.said())
                .anyMatch(said -> said.startsWith("{\"id\":3,\"error\":{\"code\":105,"))
                .anyMatch(said -> said.startsWith("{\"id\":6,\"error\":{\"code\":106,"));
    }

    @Test
    void theBackEndPutsAClientOnNoMoreChannelsThanItMayHave() {
        // given
        says("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");
        client.awaitReply(2);

        // when
        List.of("chat:b", "chat:c", "chat:c", "chat:d").forEach(this::putOn);

        // then
        await().untilAsserted(() -> assertThat(client.pushes())
                .anyMatch(push -> push.contains("\"chat:b\",\"subscribe\""))
                .anyMatch(push -> push.contains("\"chat:c\",\"subscribe\"")));
        assertThat(client.session.subscriptions()).isEqualTo(3);
        assertThat(pod.registry.counter("lightline.errors", "code", "106").count())
                .isEqualTo(1);
    }

    private void putOn(String channel) {
        client.onLoop(session -> {
            User user = session.user().orElseThrow();
            if (new ChannelAuthorizer().decideServerSide(user, session.id(), channel)
                    instanceof Verdict.Granted granted) {
                session.subscribe(granted, Subscribing.PLAIN, null);
            }
        });
    }

    @Test
    void unsubscribingStopsDeliveriesAndFreesThePlace() {
        // given
        says("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");
        awaitReply(2);

        // when
        says("{\"id\":3,\"unsubscribe\":{\"channel\":\"chat:a\"}}");
        publish("chat:a", "1");
        says("{\"id\":4,\"subscribe\":{\"channel\":\"chat:a\"}}");
        awaitReply(4);
        publish("chat:a", "2");

        // then
        await().untilAsserted(() -> assertThat(outbox.said()).anyMatch(said -> said.contains("\"data\":2")));
        assertThat(outbox.said()).noneMatch(said -> said.contains("\"data\":1"));
    }

    @Test
    void recoversWhatItMissedAndIsToldWhereThatStarts() {
        // given
        var first = publish("chat:a", "1");
        publish("chat:a", "2");
        says("{\"id\":1,\"connect\":{}}");

        // when
        says("{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\",\"recover\":true,\"epoch\":\"" + first.epoch()
                + "\",\"offset\":1}}");

        // then
        awaitReply(2);
        assertThat(outbox.said())
                .last()
                .asString()
                .contains("\"offset\":1,\"was_recovering\":true")
                .contains("\"recovered\":true,\"publications\":[{\"data\":2,\"offset\":2,");
    }

    @Test
    void cutsAHistoryThatIsTooLargeForOneReply() {
        // given
        String large = "\"" + "x".repeat(400_000) + "\"";
        for (int i = 0; i < 5; i++) {
            publish("chat:a", large);
        }
        says("{\"id\":1,\"connect\":{}}");

        // when
        says("{\"id\":2,\"history\":{\"channel\":\"chat:a\",\"limit\":-1}}");
        awaitReply(2);

        // then
        assertThat(outbox.said().getLast()).containsOnlyOnce("\"offset\":2,").doesNotContain("\"offset\":3,");
    }

    @Test
    void readsHistory() {
        // given
        for (int i = 1; i <= 5; i++) {
            publish("chat:a", "" + i);
        }
        says("{\"id\":1,\"connect\":{}}");

        // when
        says("{\"id\":2,\"history\":{\"channel\":\"chat:a\",\"limit\":2,\"reverse\":true}}");
        awaitReply(2);
        says("{\"id\":3,\"history\":{\"channel\":\"chat:a\"}}");
        awaitReply(3);

        // then
        assertThat(outbox.said())
                .anyMatch(said -> said.matches(".*\"data\":5.*\"data\":4.*\"offset\":5}}"))
                .anyMatch(said -> said.matches("\\{\"id\":3,\"history\":\\{\"epoch\":\"[^\"]+\",\"offset\":5}}"));
    }

    @Test
    void stopsReadingWhileTooMuchIsInFlight() {
        // given
        says("{\"id\":1,\"connect\":{}}");

        // when
        var burst = new StringBuilder();
        for (int i = 2; i < 22; i++) {
            burst.append("{\"id\":" + i + ",\"publish\":{\"channel\":\"chat:a\",\"data\":1}}\n");
        }
        says(burst.toString());

        // then
        await().untilAsserted(() -> assertThat(outbox.said())
                .filteredOn(said -> said.contains("\"publish\":{}"))
                .hasSize(20));
        assertThat(outbox.reading).startsWith(false).endsWith(true);
    }

    @Test
    void aClosedSessionCarriesOutNothingMoreAndStillReadsTheGoodbye() {
        // given
        says("{\"id\":1,\"connect\":{}}");
        var burst = new StringBuilder();
        for (int i = 2; i < 12; i++) {
            burst.append("{\"id\":" + i + ",\"publish\":{\"channel\":\"chat:a\",\"data\":1}}\n");
        }
        burst.append("{\"subscribe\":{\"channel\":\"no id\"}}\n{\"id\":99,\"ping\":{}}");

        // when
        says(burst.toString());

        // then
        await().untilAsserted(() -> assertThat(outbox.closed).containsExactly(CloseCode.BAD_REQUEST));
        assertThat(outbox.said()).noneMatch(said -> said.startsWith("{\"id\":99,"));
        assertThat(outbox.reading).startsWith(false).endsWith(true);
    }

    @Test
    void whatComesAfterTheGoodbyeIsNotEvenRead() {
        // given
        says("no JSON");
        double before = framesRead();

        // when
        says("{\"id\":1,\"connect\":{}}");

        // then
        assertThat(outbox.said()).isEmpty();
        assertThat(framesRead()).isEqualTo(before);
    }

    private double framesRead() {
        return pod.registry.get("lightline.frames.received").counter().count();
    }

    @Test
    void pingsAndClosesWhoDoesNotAnswer() {
        // given
        says("{\"id\":1,\"connect\":{}}");

        // when
        later(Duration.ofSeconds(26));
        says("{}");
        later(Duration.ofSeconds(9));
        var afterPong = List.copyOf(outbox.closed);
        later(Duration.ofSeconds(20));
        later(Duration.ofSeconds(9));

        // then
        assertThat(outbox.said()).filteredOn("{}"::equals).hasSize(2);
        assertThat(afterPong).isEmpty();
        assertThat(outbox.closed).containsExactly(CloseCode.NO_PONG);
    }

    @Test
    void closesWhoNeverConnects() {
        // when
        later(Duration.ofSeconds(9));
        var before = List.copyOf(outbox.closed);
        later(Duration.ofSeconds(2));

        // then
        assertThat(before).isEmpty();
        assertThat(outbox.closed).containsExactly(CloseCode.STALE);
    }

    @Test
    void closesWhoDoesNotRefreshAnExpiredToken() {
        // given
        says("{\"id\":1,\"connect\":{\"token\":\"" + token("alice", Duration.ofSeconds(60)) + "\"}}");

        // when
        says("{\"id\":2,\"refresh\":{\"token\":\"" + token("alice", Duration.ofSeconds(100)) + "\"}}");
        later(Duration.ofSeconds(80));
        var refreshed = List.copyOf(outbox.closed);
        says("{}");
        later(Duration.ofSeconds(47));

        // then
        assertThat(outbox.said().getFirst()).contains("\"expires\":true,\"ttl\":");
        assertThat(outbox.said().get(1))
                .startsWith("{\"id\":2,\"refresh\":{\"client\":\"s1\"")
                .contains("\"ttl\":");
        assertThat(refreshed).isEmpty();
        assertThat(outbox.closed).containsExactly(CloseCode.EXPIRED);
    }

    @Test
    void anExpiredTokenIsAnErrorThatTheClientCanMend() {
        // when
        says("{\"id\":1,\"connect\":{\"token\":\"" + token("alice", Duration.ofSeconds(-600)) + "\"}}");

        // then
        assertThat(outbox.said()).singleElement().asString().contains("\"code\":109");
        assertThat(outbox.closed).isEmpty();
    }

    @Test
    void aRefreshCannotChangeTheUser() {
        // given
        says("{\"id\":1,\"connect\":{\"token\":\"" + token("alice", Duration.ofSeconds(60)) + "\"}}");

        // when
        says("{\"id\":2,\"refresh\":{\"token\":\"" + token("bob", Duration.ofSeconds(60)) + "\"}}");

        // then
        assertThat(outbox.closed).containsExactly(CloseCode.INVALID_TOKEN);
    }

    @Test
    void closesWhoIsTooSlow() {
        // given
        says("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");
        awaitReply(2);

        // when
        outbox.answer = Delivery.SLOW;
        publish("chat:a", "1");

        // then
        await().untilAsserted(() -> assertThat(outbox.closed).containsExactly(CloseCode.SLOW));
    }

    @Test
    void closesWhoCannotTakeAnAnswer() {
        // given
        says("{\"id\":1,\"connect\":{}}");

        // when
        outbox.answer = Delivery.SLOW;
        says("{\"id\":2,\"ping\":{}}");

        // then
        assertThat(outbox.closed).containsExactly(CloseCode.SLOW);
    }

    @Test
    void closesWhoStalls() {
        // given
        says("{\"id\":1,\"connect\":{}}");

        // when
        outbox.stalled = true;
        later(Duration.ofSeconds(1));

        // then
        assertThat(outbox.closed).containsExactly(CloseCode.SLOW);
    }

    private void says(String frame) {
        client.says(frame);
    }

    private void later(Duration time) {
        client.later(time);
    }

    private void awaitReply(int id) {
        client.awaitReply(id);
    }

    private Position publish(String channel, String json) {
        return pod.publish(channel, json);
    }

    private static String token(String user, Duration life) {
        return token(claims(user, life));
    }

    private static JwtClaimsBuilder claims(String user, Duration life) {
        return Jwt.claims()
                .subject(user)
                .issuedAt(Instant.now().minusSeconds(3600))
                .expiresAt(Instant.now().plus(life));
    }

    private static String token(JwtClaimsBuilder claims) {
        return claims.sign(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    }
}
