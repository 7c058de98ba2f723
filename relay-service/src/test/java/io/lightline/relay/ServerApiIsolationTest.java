package io.lightline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever a back end asks for with the key of one tenant, it changes nothing of another, hears nothing of it, and cannot tell whether
 * there is anything. Both tenants have the same users and the same channels; the other one's client ids are known.
 */
@QuarkusTest
@TestProfile(ServerApiTest.TwoTenants.class)
@NullUnmarked
class ServerApiIsolationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ServerApi INTRUDER = ServerApiTest.ACME;
    private static final ServerApi VICTIM = ServerApiTest.GLOBEX;
    private static final List<String> CHANNELS =
            List.of("chat:shared", "chat:theirs", "own:alice", "globex:chat:theirs");
    private static final int ROUNDS = 300;

    /** What only the victim's publications say. */
    private static final String SECRET = "top-secret";

    @TestHTTPResource("/")
    URI server;

    private SocketClient alice;
    private SocketClient bob;

    @BeforeEach
    void theVictimIsThere() {
        alice = VICTIM.connect(server, "alice");
        bob = VICTIM.connect(server, "bob");
        alice.subscribes("chat:theirs");
        bob.subscribes("chat:shared");
        VICTIM.does("publish", "{\"channel\": \"chat:theirs\", \"data\": \"" + SECRET + "\"}");
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(1));
        await().untilAsserted(() ->
                VICTIM.does("presence_stats", "{\"channel\": \"chat:theirs\"}").body("result.num_clients", is(1)));
    }

    @AfterEach
    void leave() {
        alice.leaves();
        bob.leaves();
    }

    @Test
    void noRequestReachesAnotherTenant() throws IOException {
        // given
        long seed = new Random().nextLong();
        var random = new Random(seed);
        String before = state();

        // when
        for (int round = 0; round < ROUNDS; round++) {
            String method = pick(
                    random,
                    Stream.of(
                                    "publish",
                                    "broadcast",
                                    "subscribe",
                                    "unsubscribe",
                                    "disconnect",
                                    "refresh",
                                    "invalidate_user_tokens",
                                    "presence",
                                    "presence_stats",
                                    "history",
                                    "history_remove",
                                    "channels",
                                    "info")
                            .toList());
            String answer = INTRUDER.asks(method, guess(random, method).toString())
                    .statusCode(200)
                    .extract()
                    .asString();

            // then
            assertThat(answer).as("seed %d, %s", seed, method).doesNotContain(SECRET, alice.id(), bob.id());
            checkCounts(method, answer);
        }
        assertThat(state()).as("seed %d", seed).isEqualTo(before);
        hearNothingBut(seed, alice, "chat:theirs", 2);
        hearNothingBut(seed, bob, "chat:shared", 1);
        assertThat(alice.closes()).as("seed %d", seed).isEmpty();
        assertThat(bob.closes()).as("seed %d", seed).isEmpty();
    }

    /** What comes last comes after all that the intruder may have caused. */
    private static void hearNothingBut(long seed, SocketClient client, String channel, int publications) {
        VICTIM.does("publish", "{\"channel\": \"" + channel + "\", \"data\": \"last\"}");
        await().untilAsserted(
                        () -> assertThat(client.pushes()).as("seed %d", seed).anyMatch(push -> push.contains("last")));
        assertThat(client.pushes()).as("seed %d", seed).hasSize(publications);
    }

    /** Nobody of the intruder's is connected, so every number that it can see is 0. */
    private static void checkCounts(String method, String answer) throws IOException {
        JsonNode result = JSON.readTree(answer).path("result");
        switch (method) {
            case "channels" -> assertThat(result.path("channels")).isEmpty();
            case "presence" -> assertThat(result.path("presence")).isEmpty();
            case "presence_stats" ->
                assertThat(result.path("num_clients").asInt()).isZero();
            case "info" ->
                assertThat(result.path("nodes"))
                        .allSatisfy(node -> assertThat(List.of("num_clients", "num_users", "num_channels", "num_subs"))
                                .allSatisfy(number ->
                                        assertThat(node.path(number).asInt()).isZero()));
            default -> {}
        }
    }

    private ObjectNode guess(RandomGenerator random, String method) {
        ObjectNode request = JSON.createObjectNode();
        request.put("channel", pick(random, CHANNELS));
        request.put("user", pick(random, List.of("alice", "bob", "", "globex/alice")));
        if (random.nextBoolean()) {
            request.put("client", pick(random, List.of(alice.id(), bob.id())));
        }
        switch (method) {
            case "publish" -> request.put("data", 1);
            case "broadcast" -> {
                request.put("data", 1);
                CHANNELS.forEach(request.putArray("channels")::add);
            }
            case "disconnect" -> request.put("code", pick(random, List.of(3503, 3011, 4504)));
            case "refresh" -> request.put("expired", true);
            case "history" -> request.put("limit", -1).put("reverse", random.nextBoolean());
            case "channels" -> request.put("pattern", pick(random, List.of("*", "*theirs", "globex*", "{chat,own}:*")));
            default -> {}
        }
        return request;
    }

    /** All that the victim's own back end can see of itself. */
    private static String state() {
        return Stream.of("chat:theirs", "chat:shared")
                .map(channel -> "{\"channel\": \"" + channel + "\", \"limit\": -1}")
                .map(request -> seen("history", request) + seen("presence", request))
                .reduce(seen("channels", "{}"), String::concat);
    }

    private static String seen(String method, String request) {
        return VICTIM.does(method, request).extract().asString();
    }

    private static <T> T pick(RandomGenerator random, List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
