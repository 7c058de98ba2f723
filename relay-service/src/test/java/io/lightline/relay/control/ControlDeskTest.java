package io.lightline.relay.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.control.ControlMessage.AskChannels;
import io.lightline.relay.control.ControlMessage.AskUsage;
import io.lightline.relay.control.ControlMessage.Channels;
import io.lightline.relay.control.ControlMessage.Disconnect;
import io.lightline.relay.control.ControlMessage.Order;
import io.lightline.relay.control.ControlMessage.Refresh;
import io.lightline.relay.control.ControlMessage.RevokeTokens;
import io.lightline.relay.control.ControlMessage.Subscribe;
import io.lightline.relay.control.ControlMessage.Unsubscribe;
import io.lightline.relay.control.ControlMessage.Usage;
import io.lightline.relay.control.Survey.Findings;
import io.lightline.relay.control.Survey.TooManyQuestionsException;
import io.lightline.relay.protocol.CloseCode;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two pods on one store. Orders are given on the one, the clients are on both. */
@NullUnmarked
class ControlDeskTest {

    private static final String SECRET = "-secret-that-is-long-enough-for-HS256";
    private static final Map<String, String> CONFIG = Map.ofEntries(
            Map.entry("lightline.tenants.acme.issuers.app.issuer", "acme"),
            Map.entry("lightline.tenants.acme.issuers.app.hmac-secret", "acme" + SECRET),
            Map.entry("lightline.tenants.acme.namespaces.chat.prefix", "chat:"),
            Map.entry("lightline.tenants.acme.namespaces.own.prefix", "own:"),
            Map.entry("lightline.tenants.acme.namespaces.own.personal", "user"),
            Map.entry("lightline.tenants.globex.issuers.app.issuer", "globex"),
            Map.entry("lightline.tenants.globex.issuers.app.hmac-secret", "globex" + SECRET),
            Map.entry("lightline.tenants.globex.namespaces.chat.prefix", "chat:"));

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final InMemoryStore store = new InMemoryStore();
    private final TestPod here = new TestPod(store, CONFIG);
    private final TestPod there = new TestPod(store, CONFIG);

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void aUserIsPutOnAChannelOnEveryPodAndTakenFromIt() {
        // given
        var phone = here.connect(token("acme", "alice"));
        var laptop = there.connect(token("acme", "alice"));
        var bob = there.connect(token("acme", "bob"));

        // when
        give(new Subscribe(all("alice"), "chat:vip", null, RawJson.of("{\"n\":1.10}"), null));

        // then
        phone.hears("{\"push\":{\"channel\":\"chat:vip\",\"subscribe\":{");
        laptop.hears("\"data\":{\"n\":1.10}");

        // and when
        give(new Unsubscribe(all("alice"), "chat:vip"));

        // then
        phone.hears("\"unsubscribe\":{\"code\":2000");
        laptop.hears("\"unsubscribe\":{\"code\":2000");
        assertThat(bob.pushes()).isEmpty();
    }

    @Test
    void onlyTheClientThatIsNamedIsMeant() {
        // given
        var phone = there.connect(token("acme", "alice"));
        var laptop = there.connect(token("acme", "alice"));

        // when
        give(new Disconnect(new Whom("acme", "alice", phone.id()), Set.of(), CloseCode.FORCE_RECONNECT));
        give(new Disconnect(new Whom("acme", "bob", laptop.id()), Set.of(), CloseCode.FORCE_RECONNECT));

        // then
        phone.isClosed(CloseCode.FORCE_RECONNECT);
        stays(laptop);
    }

    @Test
    void whoeverIsExceptedStays() {
        // given
        var phone = there.connect(token("acme", "alice"));
        var laptop = here.connect(token("acme", "alice"));

        // when
        give(new Disconnect(all("alice"), Set.of(laptop.id()), CloseCode.FORCE_DISCONNECT));

        // then
        phone.isClosed(CloseCode.FORCE_DISCONNECT);
        stays(laptop);
    }

    @Test
    void aConnectionsEndIsMoved() {
        // given
        var alice = there.connect(token("acme", "alice"));

        // when
        give(new Refresh(all("alice"), Instant.now().plusSeconds(100)));

        // then
        alice.hears("\"refresh\":{\"expires\":true,\"ttl\":");
    }

    @Test
    void anotherUsersPersonalChannelStaysOutOfReach() {
        // given
        var alice = there.connect(token("acme", "alice"));

        // when
        give(new Subscribe(all("alice"), "own:bob", null, null, null));
        give(new Subscribe(all("alice"), "elsewhere:bob", null, null, null));
        give(new Subscribe(all("alice"), "chat:a", null, null, null));

        // then
        alice.hears("\"channel\":\"chat:a\"");
        assertThat(alice.pushes()).singleElement().asString().contains("chat:a");
    }

    @Test
    void aTenantReachesNobodyElsesClients() {
        // given
        var alice = there.connect(token("acme", "alice"));
        var namesake = there.connect(token("globex", "alice"));
        var bystander = here.connect(token("globex", "alice"));

        // when: each of them, by name and by id
        for (String client : List.of(namesake.id(), bystander.id())) {
            var guess = new Whom("acme", "alice", client);
            give(new Subscribe(guess, "chat:a", null, null, null));
            give(new Disconnect(guess, Set.of(), CloseCode.FORCE_DISCONNECT));
            give(new Refresh(guess, Instant.now().plusSeconds(1)));
        }
        give(new RevokeTokens(
                new Revocation("acme", "alice", Instant.now(), Instant.now().plusSeconds(60))));

        // then
        alice.isClosed(CloseCode.TOKEN_REVOKED);
        stays(namesake);
        stays(bystander);
        assertThat(namesake.pushes()).isEmpty();
        assertThat(bystander.pushes()).isEmpty();
    }

    @Test
    void aPodThatHeardNothingOfARevocationReadsItLater() {
        // given
        var alice = there.connect(token("acme", "alice"));
        there.goDeaf();
        var revocation =
                new Revocation("acme", "alice", Instant.now(), Instant.now().plusSeconds(60));
        here.backplane.revoke(revocation).await().indefinitely();
        give(new RevokeTokens(revocation));
        stays(alice);

        // when
        there.revocations.restored();

        // then
        alice.isClosed(CloseCode.TOKEN_REVOKED);
    }

    @Test
    void aPodKnowsAtItsStartWhatWasRevoked() {
        // given
        var revocation =
                new Revocation("acme", "alice", Instant.now(), Instant.now().plusSeconds(60));
        here.backplane.revoke(revocation).await().indefinitely();

        // when
        there.revocations.start();

        // then
        Awaitility.await().untilAsserted(() -> {
            var late = there.tryToConnect(token("acme", "alice"));
            assertThat(late.close()).contains(CloseCode.TOKEN_REVOKED);
        });
    }

    @Test
    void channelsOfAllPodsAreFound() {
        // given
        here.connect(token("acme", "alice")).subscribes("chat:a");
        there.connect(token("acme", "bob")).subscribes("chat:a");
        there.connect(token("acme", "carol")).subscribes("chat:b");
        there.connect(token("globex", "dave")).subscribes("chat:theirs");

        // when
        Findings<Channels> found =
                await(here.survey.ask(asker -> new AskChannels(asker, "acme", "chat:*"), Channels.class));

        // then
        assertThat(found.silent()).isEmpty();
        assertThat(found.answers().get(here.backplane.podId()).clients()).containsExactly(Map.entry("chat:a", 1));
        assertThat(found.answers().get(there.backplane.podId()).clients())
                .containsOnly(Map.entry("chat:a", 1), Map.entry("chat:b", 1));
    }

    @Test
    void whatATenantUsesIsCounted() {
        // given
        there.connect(token("acme", "alice")).subscribes("chat:a");
        there.connect(token("acme", "alice")).subscribes("chat:b");
        there.connect(token("globex", "dave")).subscribes("chat:theirs");

        // when
        Findings<Usage> found = await(here.survey.ask(asker -> new AskUsage(asker, "acme"), Usage.class));

        // then: everybody is on a personal channel, too
        assertThat(found.answers().get(there.backplane.podId()))
                .extracting(Usage::clients, Usage::users, Usage::channels, Usage::subscriptions)
                .containsExactly(2, 1, 3, 4);
        assertThat(found.answers().get(here.backplane.podId()).clients()).isZero();
    }

    @Test
    void whoeverDoesNotAnswerIsNamed() {
        // given
        there.goDeaf();

        // when
        Findings<Usage> found = await(here.survey.ask(asker -> new AskUsage(asker, "acme"), Usage.class));

        // then
        assertThat(found.silent()).containsExactly(there.name());
        assertThat(found.answers()).containsOnlyKeys(here.backplane.podId());
    }

    @Test
    void oneQuestionTooManyIsRefusedAndTheOthersAreAnswered() {
        // given
        there.goDeaf();

        // when
        List<CompletableFuture<Findings<Usage>>> asked = IntStream.range(0, 5)
                .mapToObj(_ -> here.survey
                        .ask(asker -> new AskUsage(asker, "acme"), Usage.class)
                        .subscribeAsCompletionStage())
                .toList();

        Findings<Usage> ofAnother = await(here.survey.ask(asker -> new AskUsage(asker, "globex"), Usage.class));

        // then
        assertThat(ofAnother.answers()).containsOnlyKeys(here.backplane.podId());
        assertThat(asked.getLast())
                .failsWithin(LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(TooManyQuestionsException.class);
        assertThat(asked.subList(0, 4)).allSatisfy(one -> assertThat(one).succeedsWithin(LIMIT));
    }

    private void give(Order order) {
        here.desk.give(order).await().indefinitely();
    }

    private static <T> T await(Uni<T> answer) {
        return answer.await().indefinitely();
    }

    private void stays(TestClient client) {
        here.settle();
        there.settle();
        client.isAlive();
    }

    private static Whom all(String user) {
        return new Whom("acme", user, null);
    }

    private static String token(String tenant, String user) {
        return Jwt.claims()
                .issuer(tenant)
                .subject(user)
                .issuedAt(Instant.now().minusSeconds(60))
                .expiresAt(Instant.now().plusSeconds(3600))
                .sign(new SecretKeySpec((tenant + SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    }
}
