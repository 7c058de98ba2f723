package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.Verifiers;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tokens, rules and the back end do to the channels of a connection. */
@NullUnmarked
class SubscriptionTest {

    private static final String SECRET = "a secret that is long enough for HS256";
    private static final Map<String, String> CONFIG = Map.ofEntries(
            Map.entry("lightline.tenants.demo.anonymous", "true"),
            Map.entry("lightline.tenants.demo.issuers.app.hmac-secret", SECRET),
            Map.entry("lightline.tenants.demo.limits.max-user-connections", "2"),
            Map.entry("lightline.tenants.demo.namespaces.chat.prefix", "chat:"),
            Map.entry("lightline.tenants.demo.namespaces.chat.publish", "anybody"),
            Map.entry("lightline.tenants.demo.namespaces.chat.publish-rate", "2"),
            Map.entry("lightline.tenants.demo.namespaces.chat.publish-burst", "3"),
            Map.entry("lightline.tenants.demo.namespaces.chat.history-size", "100"),
            Map.entry("lightline.tenants.demo.namespaces.chat.history-ttl", "10m"),
            Map.entry("lightline.tenants.demo.namespaces.chat.presence-enabled", "true"),
            Map.entry("lightline.tenants.demo.namespaces.chat.join-leave", "true"),
            Map.entry("lightline.tenants.demo.namespaces.price.prefix", "price:"),
            Map.entry("lightline.tenants.demo.namespaces.price.history-size", "1"),
            Map.entry("lightline.tenants.demo.namespaces.price.history-ttl", "10m"),
            Map.entry("lightline.tenants.demo.namespaces.price.recovery", "cache"),
            Map.entry("lightline.tenants.demo.namespaces.price.slow-consumer", "latest"),
            Map.entry("lightline.tenants.demo.namespaces.secret.prefix", "secret:"),
            Map.entry("lightline.tenants.demo.namespaces.secret.subscribe", "nobody"),
            Map.entry("lightline.tenants.demo.namespaces.secret.history-size", "100"),
            Map.entry("lightline.tenants.demo.namespaces.secret.history-ttl", "10m"),
            Map.entry("lightline.tenants.demo.namespaces.mine.prefix", "user:"),
            Map.entry("lightline.tenants.demo.namespaces.mine.personal", "user"),
            Map.entry("lightline.tenants.demo.namespaces.mine.publish", "authenticated"),
            Map.entry("lightline.session.max-age", "1h"),
            Map.entry("lightline.session.presence-limit", "2"),
            Map.entry("lightline.session.command-rate", "10"),
            Map.entry("lightline.session.command-burst", "20"));
    private static final String ONLY_EMEA = "{\"key\":\"region\",\"cmp\":\"eq\",\"val\":\"EMEA\"}";

    private final SessionPod pod = new SessionPod(CONFIG);
    private final TestClient alice = pod.open("a1");
    private final TestClient bob = pod.open("b1");

    @AfterEach
    void close() {
        pod.close();
    }

    @Test
    void aTokenSubscribesItsUserFromTheStart() {
        // given
        pod.publish("secret:orders", "1");

        // when
        String reply = connect(
                alice,
                token("alice")
                        .claim("channels", List.of("chat:room"))
                        .claim("subs", Map.of("secret:orders", Map.of("data", Map.of("role", "clerk")))));

        // then
        assertThat(reply)
                .contains("\"chat:room\":{\"recoverable\":true,\"positioned\":true")
                .contains("\"secret:orders\":{\"recoverable\":true")
                .contains("\"offset\":1,\"data\":{\"role\":\"clerk\"}}");
        pod.publish("secret:orders", "2");
        await().untilAsserted(() -> assertThat(alice.pushes())
                .anySatisfy(push -> assertThat(push).contains("secret:orders").contains("\"offset\":2")));
    }

    @Test
    void serverSideSubscriptionsRecoverWithConnect() {
        // given
        String epoch = pod.publish("secret:orders", "1").epoch();
        pod.publish("secret:orders", "2");

        // when
        String jwt = token("alice").claim("channels", List.of("secret:orders")).sign(key());
        alice.says("{\"id\":1,\"connect\":{\"token\":\"" + jwt + "\",\"subs\":{\"secret:orders\":{\"recover\":true,"
                + "\"offset\":1,\"epoch\":\"" + epoch + "\"},\"chat:other\":{\"recover\":true}}}}");

        // then
        assertThat(alice.awaitReply(1))
                .contains("\"was_recovering\":true,\"recovered\":true,\"publications\":[{\"data\":2,\"offset\":2")
                .doesNotContain("chat:other");
    }

    @Test
    void aTokenThatNamesAChannelThatDoesNotExistIsRefusedAndMayBeReplaced() {
        // when
        String refused = connect(alice, token("alice").claim("channels", List.of("chat:a", "nowhere")));

        // then
        assertThat(refused).contains("\"code\":102,\"message\":\"unknown channel: nowhere\"");
        assertThat(alice.asks(2, "connect", "{\"token\":\"" + token("alice").sign(key()) + "\"}"))
                .contains("\"client\":\"a1\"");
    }

    @Test
    void aUserHearsWhatOthersSayToItsPersonalChannel() {
        // given
        connect(alice, token("alice"));
        connect(bob, token("bob"));

        // when
        String reply = bob.asks(2, "publish", "{\"channel\":\"user:alice\",\"data\":\"psst\"}");

        // then
        assertThat(reply).contains("\"publish\":{}");
        await().untilAsserted(
                        () -> assertThat(alice.pushes())
                                .anySatisfy(
                                        push -> assertThat(push)
                                                .startsWith(
                                                        "{\"push\":{\"channel\":\"user:alice\",\"pub\":{\"data\":\"psst\",\"info\":{\"user\":\"bob\"")));
        assertThat(bob.asks(3, "subscribe", "{\"channel\":\"user:alice\"}")).contains("\"code\":103");
    }

    @Test
    void aSubscriptionTokenIsARightThatEnds() {
        // given
        connect(alice, token("alice"));
        String jwt = subscription("alice", "secret:orders")
                .expiresAt(pod.now().plusSeconds(60))
                .claim("info", Map.of("desk", 7))
                .sign(key());

        // when
        String reply = alice.asks(2, "subscribe", "{\"channel\":\"secret:orders\",\"token\":\"" + jwt + "\"}");

        // then
        assertThat(reply).contains("\"expires\":true,\"ttl\":").contains("\"recoverable\":true");
        alice.later(Duration.ofSeconds(60 + 24));
        assertThat(alice.pushes()).isEmpty();
        alice.later(Duration.ofSeconds(2));
        assertThat(alice.pushes())
                .contains(
                        "{\"push\":{\"channel\":\"secret:orders\",\"unsubscribe\":{\"code\":2501,\"reason\":\"expired\"}}}");
    }

    @Test
    void aSubscriptionTokenCanBeRefreshed() {
        // given
        connect(alice, token("alice"));
        var jwt = subscription("alice", "secret:orders").expiresAt(pod.now().plusSeconds(60));
        alice.asks(2, "subscribe", "{\"channel\":\"secret:orders\",\"token\":\"" + jwt.sign(key()) + "\"}");

        // when
        var next = subscription("alice", "secret:orders").expiresAt(pod.now().plusSeconds(600));
        String reply =
                alice.asks(3, "sub_refresh", "{\"channel\":\"secret:orders\",\"token\":\"" + next.sign(key()) + "\"}");
        alice.later(Duration.ofSeconds(120));

        // then
        assertThat(reply).contains("\"sub_refresh\":{\"expires\":true,\"ttl\":");
        assertThat(alice.pushes()).isEmpty();
        assertThat(alice.asks(
                        4,
                        "sub_refresh",
                        "{\"channel\":\"chat:a\",\"token\":\""
                                + subscription("alice", "chat:a").sign(key()) + "\"}"))
                .contains("\"code\":107");
    }

    @Test
    void somebodyElsesSubscriptionTokenIsNoRight() {
        // given
        connect(alice, token("alice"));

        // then
        assertThat(subscribeBy(alice, 2, "secret:orders", subscription("bob", "secret:orders")))
                .contains("\"code\":103");
        assertThat(subscribeBy(alice, 3, "secret:orders", subscription("alice", "secret:other")))
                .contains("\"code\":103");
        assertThat(subscribeBy(
                        alice,
                        4,
                        "secret:orders",
                        subscription("alice", "secret:orders")
                                .expiresAt(pod.now().minusSeconds(60))))
                .contains("\"code\":109");
    }

    @Test
    void aForcedFilterHoldsForLivePublicationsRecoveryAndHistory() {
        // given
        connect(alice, token("alice"));
        String epoch = publish("secret:orders", "APAC");
        publish("secret:orders", "EMEA");
        var jwt = subscription("alice", "secret:orders")
                .claim("filter", Map.of("key", "region", "cmp", "eq", "val", "EMEA"));

        // when
        String reply = alice.asks(
                2,
                "subscribe",
                "{\"channel\":\"secret:orders\",\"token\":\"" + jwt.sign(key())
                        + "\",\"recover\":true,\"offset\":0,\"epoch\":\"" + epoch + "\"}");
        publish("secret:orders", "APAC");
        publish("secret:orders", "EMEA");

        // then
        assertThat(reply).contains("\"recovered\":true").contains("EMEA").doesNotContain("APAC");
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(1));
        assertThat(alice.pushes().getFirst()).contains("\"offset\":4").contains("EMEA");
        assertThat(alice.asks(3, "history", "{\"channel\":\"secret:orders\",\"limit\":-1}"))
                .contains("EMEA")
                .doesNotContain("APAC");
    }

    @Test
    void aGapPassesEveryFilterLiveAndRecoveredAndInTheHistory() {
        // given
        connect(alice, token("alice"));
        var filter = Map.of("key", "region", "cmp", "eq", "val", "EMEA");
        subscribeBy(
                alice,
                2,
                "secret:orders",
                subscription("alice", "secret:orders").claim("filter", filter));
        connect(bob, token("bob"));
        String epoch = notice("secret:orders", "gap").epoch();
        publish("secret:orders", "APAC");
        publish("secret:orders", "EMEA");

        // when
        String jwt =
                subscription("bob", "secret:orders").claim("filter", filter).sign(key());
        String recovered = bob.asks(
                2,
                "subscribe",
                "{\"channel\":\"secret:orders\",\"token\":\"" + jwt + "\",\"recover\":true,\"offset\":0,\"epoch\":\""
                        + epoch + "\"}");

        // then
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(2));
        assertThat(alice.pushes().getFirst()).contains("\"tags\":{\"lightline\":\"gap\"}");
        assertThat(alice.pushes().getLast()).contains("EMEA");
        assertThat(recovered).contains("\"lightline\":\"gap\"", "EMEA").doesNotContain("APAC");
        assertThat(alice.asks(3, "history", "{\"channel\":\"secret:orders\",\"limit\":-1}"))
                .contains("\"lightline\":\"gap\"", "EMEA")
                .doesNotContain("APAC");
    }

    @Test
    void aResyncPassesAClientsOwnFilterAndNotOneThatItCannotTakeOff() {
        // given
        connect(alice, token("alice"));
        alice.asks(2, "subscribe", "{\"channel\":\"chat:room\",\"tf\":" + ONLY_EMEA + "}");
        connect(bob, token("bob"));
        var filter = Map.of("key", "region", "cmp", "eq", "val", "EMEA");
        String jwt = subscription("bob", "chat:room").claim("filter", filter).sign(key());
        bob.asks(2, "subscribe", "{\"channel\":\"chat:room\",\"token\":\"" + jwt + "\",\"tf\":" + ONLY_EMEA + "}");

        // when
        notice("chat:room", "resync");
        notice("chat:room", "gap");
        publish("chat:room", "APAC");
        publish("chat:room", "EMEA");

        // then
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(3));
        assertThat(alice.pushes().get(0)).contains("\"lightline\":\"resync\"");
        assertThat(alice.pushes().get(1)).contains("\"lightline\":\"gap\"");
        assertThat(alice.pushes().get(2)).contains("EMEA");
        await().untilAsserted(() -> assertThat(bob.pushes()).hasSize(2));
        assertThat(bob.pushes().get(0)).contains("\"lightline\":\"gap\"");
    }

    @Test
    void aForcedFilterHoldsForTheLatestValueToo() {
        // given
        connect(alice, token("alice"));
        publish("price:gold", "APAC");
        var filter = Map.of("key", "region", "cmp", "eq", "val", "EMEA");

        // when
        String reply = subscribeBy(
                alice, 2, "price:gold", subscription("alice", "price:gold").claim("filter", filter));

        // then
        assertThat(reply).contains("\"subscribe\":{").doesNotContain("APAC");
    }

    @Test
    void aPageOfAFilteredHistoryIsFullAsLongAsThereIsSomething() {
        // given
        connect(alice, token("alice"));
        var filter = Map.of("key", "region", "cmp", "eq", "val", "EMEA");
        subscribeBy(
                alice,
                2,
                "secret:orders",
                subscription("alice", "secret:orders").claim("filter", filter));
        publish("secret:orders", "EMEA");
        publish("secret:orders", "APAC");

        // when
        String last = alice.asks(3, "history", "{\"channel\":\"secret:orders\",\"limit\":1,\"reverse\":true}");

        // then
        assertThat(last).contains("EMEA").contains("\"offset\":1").doesNotContain("APAC");
    }

    @Test
    void theLatestValueOfAServerSideSubscriptionFollowsTheReply() {
        // given
        pod.publish("price:gold", "7");

        // when
        String reply = connect(alice, token("alice").claim("channels", List.of("price:gold")));

        // then: SDKs would not read it from the reply
        assertThat(reply).doesNotContain("publications");
        assertThat(alice.pushes())
                .singleElement()
                .asString()
                .startsWith("{\"push\":{\"channel\":\"price:gold\",\"pub\":{\"data\":7,\"offset\":1");
    }

    @Test
    void whatComesBeforeTheReplyToConnectFollowsIt() throws Exception {
        // given: one of two channels is there, the other one has to wait for its reading
        connect(bob, token("bob").claim("channels", List.of("chat:a")));
        var gate = pod.holdReadings();
        String jwt = token("alice")
                .claim("channels", List.of("chat:a", "secret:orders"))
                .sign(key());
        alice.says("{\"id\":1,\"connect\":{\"token\":\"" + jwt + "\"}}");

        // when
        pod.publish("chat:a", "1");
        await().untilAsserted(() -> assertThat(bob.pushes()).anyMatch(push -> push.contains("\"pub\"")));
        pod.settle();
        assertThat(alice.outbox.lines()).isEmpty();
        gate.countDown();

        // then
        alice.awaitReply(1);
        await().untilAsserted(() -> assertThat(alice.pushes()).anyMatch(push -> push.contains("\"pub\"")));
        assertThat(alice.outbox.lines().getFirst())
                .startsWith("{\"id\":1,\"connect\"")
                .contains("\"secret:orders\"");
    }

    @Test
    void aSubscriptionThatEndsWhileItIsMadeMayBeMadeAgain() {
        // given
        connect(alice, token("alice").claim("caps", capability("secret:orders", "EMEA")));
        var gate = pod.holdReadings();
        alice.says("{\"id\":2,\"subscribe\":{\"channel\":\"secret:orders\"}}");

        // when
        var other = token("alice").claim("caps", capability("secret:orders", "APAC"));
        alice.asks(3, "refresh", "{\"token\":\"" + other.sign(key()) + "\"}");

        // then
        assertThat(alice.awaitReply(2)).contains("\"code\":100").contains("\"temporary\":true");
        assertThat(alice.pushes()).isEmpty();
        gate.countDown();
        assertThat(alice.asks(4, "subscribe", "{\"channel\":\"secret:orders\"}"))
                .contains("\"recoverable\":true");
    }

    @Test
    void whoIsRevokedWhileItConnectsDoesNotStay() {
        // given
        var gate = pod.holdReadings();
        String jwt = token("alice").claim("channels", List.of("secret:orders")).sign(key());
        alice.says("{\"id\":1,\"connect\":{\"token\":\"" + jwt + "\"}}");

        // when
        pod.revoked.addAll(List.of(new Revocation(
                "demo", "alice", pod.now().plusSeconds(1), pod.now().plusSeconds(600))));
        gate.countDown();

        // then
        alice.isClosedWith(CloseCode.TOKEN_REVOKED);
    }

    @Test
    void largeAnswersAreMadeAFewAtATimeAndOnlyForAClientThatReads() {
        // given
        connect(alice, token("alice"));
        pod.publish("chat:a", "1");
        var gate = pod.holdReadings();
        IntStream.range(2, 7)
                .forEach(id -> alice.says("{\"id\":" + id + ",\"history\":{\"channel\":\"chat:a\",\"limit\":1}}"));

        // then
        pod.settle();
        assertThat(pod.readings()).isEqualTo(2);

        // and when
        alice.outbox.writable = false;
        gate.countDown();
        await().untilAsserted(() -> assertThat(alice.outbox.lines()).anyMatch(line -> line.startsWith("{\"id\":3,")));
        pod.settle();
        assertThat(pod.readings()).isEqualTo(2);
        alice.outbox.writable = true;
        alice.onLoop(Session::writable);

        // then
        alice.awaitReply(6);
    }

    @Test
    void aClientChoosesWhatItWants() {
        // given
        connect(alice, token("alice"));
        alice.asks(2, "subscribe", "{\"channel\":\"chat:a\",\"tf\":" + ONLY_EMEA + "}");

        // when
        publish("chat:a", "APAC");
        publish("chat:a", "EMEA");

        // then
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(1));
        assertThat(alice.pushes().getFirst()).contains("EMEA");
        assertThat(alice.asks(3, "subscribe", "{\"channel\":\"chat:b\",\"tf\":{\"key\":\"a\",\"cmp\":\"like\"}}"))
                .contains("\"code\":107,\"message\":\"bad request: subscribe: tf is no filter: unknown cmp 'like'\"");
    }

    @Test
    void aRefreshThatSaysLessEndsWhatItNoLongerGrants() {
        // given
        var caps = List.of(Map.of("channels", List.of("secret:orders"), "allow", List.of("sub")));
        connect(alice, token("alice").claim("caps", caps));
        assertThat(alice.asks(2, "subscribe", "{\"channel\":\"secret:orders\"}"))
                .contains("\"subscribe\":{");
        alice.asks(3, "subscribe", "{\"channel\":\"chat:a\"}");

        // when
        alice.asks(4, "refresh", "{\"token\":\"" + token("alice").sign(key()) + "\"}");

        // then
        assertThat(alice.pushes())
                .containsExactly(
                        "{\"push\":{\"channel\":\"secret:orders\",\"unsubscribe\":{\"code\":2000,\"reason\":\"server unsubscribe\"}}}");
    }

    @Test
    void aRefreshEndsWhatTheTokenNoLongerNames() {
        // given
        connect(alice, token("alice").claim("channels", List.of("secret:orders", "chat:a")));

        // when
        var less = token("alice").claim("channels", List.of("chat:a"));
        alice.asks(2, "refresh", "{\"token\":\"" + less.sign(key()) + "\"}");

        // then
        assertThat(alice.pushes())
                .filteredOn(push -> push.contains("\"unsubscribe\""))
                .containsExactly(
                        "{\"push\":{\"channel\":\"secret:orders\",\"unsubscribe\":{\"code\":2000,\"reason\":\"server unsubscribe\"}}}");
    }

    @Test
    void aRefreshThatHidesMoreMakesTheClientComeBack() {
        // given
        connect(alice, token("alice").claim("channels", List.of("secret:orders")));

        // when
        var filter = Map.of("key", "region", "cmp", "eq", "val", "EMEA");
        var other = token("alice").claim("subs", Map.of("secret:orders", Map.of("filter", filter)));
        alice.says("{\"id\":2,\"refresh\":{\"token\":\"" + other.sign(key()) + "\"}}");

        // then
        alice.isClosedWith(CloseCode.INSUFFICIENT_STATE);
    }

    @Test
    void presenceTellsWhoIsThereAndWhoComesAndGoes() {
        // given
        connect(alice, token("alice").claim("info", Map.of("name", "Alice")));
        connect(bob, token("bob"));
        alice.asks(2, "subscribe", "{\"channel\":\"chat:a\",\"join_leave\":true}");

        // when
        bob.asks(2, "subscribe", "{\"channel\":\"chat:a\"}");

        // then
        await().untilAsserted(
                        () -> assertThat(alice.pushes())
                                .contains(
                                        "{\"push\":{\"channel\":\"chat:a\",\"join\":{\"info\":{\"user\":\"bob\",\"client\":\"b1\"}}}}"));
        assertThat(bob.asks(3, "presence", "{\"channel\":\"chat:a\"}"))
                .contains("\"a1\":{\"user\":\"alice\",\"client\":\"a1\",\"conn_info\":{\"name\":\"Alice\"}}")
                .contains("\"b1\":{\"user\":\"bob\",\"client\":\"b1\"}");
        assertThat(bob.asks(4, "presence_stats", "{\"channel\":\"chat:a\"}"))
                .contains("\"num_clients\":2,\"num_users\":2");
        bob.onLoop(Session::closed);
        await().untilAsserted(
                        () -> assertThat(alice.pushes())
                                .contains(
                                        "{\"push\":{\"channel\":\"chat:a\",\"leave\":{\"info\":{\"user\":\"bob\",\"client\":\"b1\"}}}}"));
        assertThat(bob.pushes()).noneMatch(push -> push.contains("\"join\""));
    }

    @Test
    void aLatestValueComesWithTheReply() {
        // given
        connect(alice, token("alice"));
        pod.publish("price:gold", "1");
        pod.publish("price:gold", "2");

        // when
        String reply = alice.asks(2, "subscribe", "{\"channel\":\"price:gold\"}");

        // then
        assertThat(reply)
                .contains("\"offset\":2,\"publications\":[{\"data\":2,\"offset\":2")
                .doesNotContain("was_recovering");
    }

    @Test
    void aSlowClientThatWantsTheLatestOnlyGetsAGapAllTheSame() {
        // given
        connect(alice, token("alice"));
        alice.asks(2, "subscribe", "{\"channel\":\"price:gold\"}");
        alice.outbox.writable = false;

        // when
        IntStream.rangeClosed(1, 3).forEach(i -> pod.publish("price:gold", "" + i));
        notice("price:gold", "gap");
        IntStream.rangeClosed(4, 6).forEach(i -> pod.publish("price:gold", "" + i));
        await().untilAsserted(() -> assertThat(dropped(Delivery.CONFLATED)).isEqualTo(4));
        alice.outbox.writable = true;
        alice.onLoop(Session::writable);

        // then
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(3));
        assertThat(alice.pushes().get(0)).contains("\"data\":3");
        assertThat(alice.pushes().get(1)).contains("\"lightline\":\"gap\"");
        assertThat(alice.pushes().get(2)).contains("\"data\":6");
    }

    @Test
    void ofAChannelWhereOnlyTheLatestCountsASlowClientGetsTheLatest() {
        // given
        connect(alice, token("alice"));
        alice.asks(2, "subscribe", "{\"channel\":\"price:gold\"}");
        alice.outbox.writable = false;

        // when
        IntStream.rangeClosed(1, 5).forEach(i -> pod.publish("price:gold", "" + i));
        await().untilAsserted(() -> assertThat(dropped(Delivery.CONFLATED)).isEqualTo(4));
        assertThat(alice.pushes()).isEmpty();
        alice.outbox.writable = true;
        alice.onLoop(Session::writable);
        pod.publish("price:gold", "6");

        // then
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(2));
        assertThat(alice.pushes().getFirst()).contains("\"data\":5");
        assertThat(alice.pushes().getLast()).contains("\"data\":6");
        assertThat(alice.outbox.closed).isEmpty();
    }

    @Test
    void publishingTooOftenIsRefused() {
        // given
        connect(alice, token("alice"));

        // when
        for (int id = 2; id < 20; id++) {
            alice.asks(id, "publish", "{\"channel\":\"chat:a\",\"data\":1}");
        }

        // then
        assertThat(alice.outbox.lines()).anySatisfy(line -> assertThat(line).contains("\"code\":111"));
        pod.moveClock(Duration.ofSeconds(3));
        assertThat(alice.asks(30, "publish", "{\"channel\":\"chat:a\",\"data\":1}"))
                .contains("\"publish\":{}");
    }

    @Test
    void tooManyCommandsAreRefusedAndAFloodIsClosed() {
        // given
        connect(alice, token("alice"));

        // when
        IntStream.range(2, 32).forEach(id -> alice.says("{\"id\":" + id + ",\"ping\":{}}"));

        // then
        assertThat(alice.outbox.lines()).contains("{\"id\":20,\"ping\":{}}");
        assertThat(alice.outbox.lines()).anySatisfy(line -> assertThat(line).contains("\"code\":111"));
        assertThat(alice.outbox.closed).isEmpty();
        IntStream.range(32, 62).forEach(id -> alice.says("{\"id\":" + id + ",\"ping\":{}}"));
        alice.isClosedWith(CloseCode.TOO_MANY_REQUESTS);
    }

    @Test
    void aUserHasSoManyConnectionsAndNoMore() {
        // given
        var third = pod.open("a3");
        connect(alice, token("alice"));
        connect(bob, token("alice"));

        // when
        third.says("{\"id\":1,\"connect\":{\"token\":\"" + token("alice").sign(key()) + "\"}}");

        // then
        third.isClosedWith(CloseCode.CONNECTION_LIMIT);
        alice.onLoop(Session::closed);
        assertThat(connect(pod.open("a4"), token("alice"))).contains("\"client\":\"a4\"");
    }

    @Test
    void anOldConnectionIsSentElsewhere() {
        // given
        connect(alice, token("alice"));

        // when
        for (int minute = 0; minute < 73 && alice.outbox.closed.isEmpty(); minute++) {
            alice.later(Duration.ofMinutes(1));
            alice.says("{}");
        }

        // then
        alice.isClosedWith(CloseCode.FORCE_RECONNECT);
    }

    @Test
    void theBackEndSubscribesAndUnsubscribes() {
        // given
        connect(alice, token("alice"));
        var grant = (Verdict.Granted) new ChannelAuthorizer()
                .decideForServer(Verifiers.tenants(CONFIG).all().iterator().next(), "secret:orders");

        // when
        alice.onLoop(session -> session.subscribe(grant, Subscribing.PLAIN, null));

        // then
        await().untilAsserted(() -> assertThat(alice.pushes())
                .singleElement()
                .satisfies(push -> assertThat(push)
                        .startsWith("{\"push\":{\"channel\":\"secret:orders\",\"subscribe\":{\"recoverable\":true")));
        alice.onLoop(session -> session.unsubscribe("secret:orders"));
        connect(bob, token("bob").claim("channels", List.of("secret:orders")));
        pod.publish("secret:orders", "1");
        await().untilAsserted(() -> assertThat(bob.pushes()).isNotEmpty());
        assertThat(alice.pushes()).hasSize(2).last().asString().contains("\"unsubscribe\":{\"code\":2000");
    }

    @Test
    void whoIsOnACrowdedChannelIsCountedAndNotListed() {
        // given
        var channel = new ChannelName("demo", "chat:a");
        connect(alice, token("alice").claim("channels", List.of("chat:a")));
        connect(bob, token("bob").claim("channels", List.of("chat:a")));
        connect(pod.open("c1"), token("carol").claim("channels", List.of("chat:a")));
        await().untilAsserted(() -> assertThat(
                        pod.backplane.presence(channel, 3).await().indefinitely())
                .hasSize(3));

        // when
        String presence = alice.asks(2, "presence", "{\"channel\":\"chat:a\"}");
        String stats = alice.asks(3, "presence_stats", "{\"channel\":\"chat:a\"}");

        // then
        assertThat(presence)
                .startsWith("{\"id\":2,\"error\":{\"code\":106,")
                .contains("\"limit exceeded: 3 on the channel, more than 2: ask for presence_stats\"");
        assertThat(stats).contains("\"num_clients\":3");
    }

    @Test
    void theBackEndMovesTheEndOfAConnection() {
        // given
        connect(alice, token("alice"));

        // when
        alice.onLoop(session -> session.expire(pod.now().plusSeconds(10)));

        // then
        assertThat(alice.pushes()).containsExactly("{\"push\":{\"refresh\":{\"expires\":true,\"ttl\":10}}}");
        alice.later(Duration.ofSeconds(36));
        alice.isClosedWith(CloseCode.EXPIRED);
    }

    @Test
    void leavingEverythingLeavesNothingBehind() {
        // given
        connect(alice, token("alice").claim("channels", List.of("chat:a")));
        alice.asks(2, "subscribe", "{\"channel\":\"price:gold\"}");

        // when
        alice.onLoop(Session::closed);

        // then
        var channel = new ChannelName("demo", "chat:a");
        await().untilAsserted(() -> assertThat(
                        pod.backplane.presence(channel, 10).await().indefinitely())
                .isEmpty());
        assertThat(alice.session.subscriptions()).isZero();
        assertThat(alice.session.user()).isEmpty();
    }

    private double dropped(Delivery reason) {
        return pod.registry
                .get("lightline.deliveries.dropped")
                .tag("reason", reason.name().toLowerCase(java.util.Locale.ROOT))
                .counter()
                .count();
    }

    private static List<Map<String, Object>> capability(String channel, String region) {
        return List.of(Map.of(
                "channels",
                List.of(channel),
                "allow",
                List.of("sub"),
                "filter",
                Map.of("key", "region", "cmp", "eq", "val", region)));
    }

    /** As the publisher tells it. */
    private Position notice(String channel, String kind) {
        return pod.publish(channel, new Draft(RawJson.of("{}"), null, Map.of("lightline", kind), pod.now()));
    }

    private String publish(String channel, String region) {
        var draft = new Draft(RawJson.of("\"" + region + "\""), null, Map.of("region", region), pod.now());
        return pod.publish(channel, draft).epoch();
    }

    private static String connect(TestClient client, JwtClaimsBuilder token) {
        return client.asks(1, "connect", "{\"token\":\"" + token.sign(key()) + "\"}");
    }

    private static String subscribeBy(TestClient client, int id, String channel, JwtClaimsBuilder token) {
        return client.asks(
                id, "subscribe", "{\"channel\":\"" + channel + "\",\"token\":\"" + token.sign(key()) + "\"}");
    }

    private JwtClaimsBuilder token(String user) {
        return Jwt.claims()
                .subject(user)
                .issuedAt(pod.now())
                .expiresAt(pod.now().plus(Duration.ofHours(2)));
    }

    private JwtClaimsBuilder subscription(String user, String channel) {
        return token(user).claim("channel", channel);
    }

    private static SecretKeySpec key() {
        return new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }
}
