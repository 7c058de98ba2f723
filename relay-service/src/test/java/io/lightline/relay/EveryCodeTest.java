package io.lightline.relay;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.RedisResource;
import io.lightline.backplane.Revocation;
import io.lightline.localstack.RedisProcess;
import io.lightline.relay.control.ControlDesk;
import io.lightline.relay.control.ControlMessage;
import io.lightline.relay.control.ControlMessage.Disconnect;
import io.lightline.relay.control.ControlMessage.RevokeTokens;
import io.lightline.relay.control.ControlMessage.Unsubscribe;
import io.lightline.relay.control.Whom;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.CloseReason;
import io.restassured.response.Response;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each code of the tables in {@code docs/protocol.md} is said by a pod to a client over a real socket. The switches are
 * exhaustive: a new code needs its case here. {@code ProtocolDocTest} holds the page and the enums together.
 */
@QuarkusTest
@TestProfile(EveryCodeTest.Pod.class)
@WithTestResource(RedisResource.class)
@TestMethodOrder(OrderAnnotation.class)
@NullUnmarked
class EveryCodeTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String SECRET = "a secret that is long enough for HS256";
    private static final String PAGE = "https://acme.example";
    private static final String API_KEY = "acme-key";

    /** Configuration of this test's pod. */
    public static final class Pod implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Clock.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            String acme = "lightline.tenants.acme.";
            return Map.ofEntries(
                    Map.entry("lightline.drain.window", "1s"),
                    Map.entry("lightline.session.max-channels", "2"),
                    Map.entry(acme + "api-keys", API_KEY),
                    Map.entry(acme + "allowed-origins", PAGE),
                    Map.entry(acme + "limits.max-user-connections", "1"),
                    Map.entry(acme + "issuers.app.issuer", "acme"),
                    Map.entry(acme + "issuers.app.audience", "lightline"),
                    Map.entry(acme + "issuers.app.hmac-secret", SECRET),
                    Map.entry(acme + "namespaces.chat.prefix", "chat:"),
                    Map.entry(acme + "namespaces.chat.publish", "authenticated"),
                    Map.entry(acme + "namespaces.chat.history-size", "1000"),
                    Map.entry(acme + "namespaces.chat.history-ttl", "10m"),
                    Map.entry(acme + "namespaces.sparing.prefix", "sparing:"),
                    Map.entry(acme + "namespaces.sparing.publish", "authenticated"),
                    Map.entry(acme + "namespaces.sparing.publish-rate", "1"),
                    Map.entry(acme + "namespaces.sparing.publish-burst", "1"),
                    Map.entry(acme + "namespaces.secret.prefix", "secret:"),
                    Map.entry(acme + "namespaces.secret.subscribe", "nobody"));
        }
    }

    /** The pod's clock: it can be moved, and broken. */
    @Alternative
    @Singleton
    public static final class Clock implements InstantSource {

        private volatile Duration ahead = Duration.ZERO;
        private volatile boolean broken;

        @Override
        public Instant instant() {
            if (broken) {
                throw new IllegalStateException("The test has broken the clock");
            }
            return Instant.now().plus(ahead);
        }

        void forward(Duration time) {
            ahead = ahead.plus(time);
        }
    }

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @RedisResource.Injected
    RedisProcess redis;

    @Inject
    Clock clock;

    @Inject
    ControlDesk desk;

    @Inject
    Event<ShutdownDelayInitiatedEvent> shutdown;

    private final List<SocketClient> clients = new ArrayList<>();

    @BeforeEach
    void awaitReadiness() {
        await().atMost(LIMIT).until(() -> readiness() == 200);
    }

    @AfterEach
    void leave() {
        clock.broken = false;
        clients.stream().filter(client -> client.closes().isEmpty()).forEach(SocketClient::leaves);
    }

    @ParameterizedTest
    @EnumSource
    @Order(1)
    void everyErrorIsAnswered(ErrorCode code) {
        assertThat(errorOf(code)).contains("\"error\":{\"code\":" + code.code() + ",\"message\":\"" + code.message());
    }

    private String errorOf(ErrorCode code) {
        return switch (code) {
            case INTERNAL -> {
                SocketClient client = connected();
                redis.kill();
                String reply = client.asks("publish", publication("chat:a"));
                restartRedis();
                yield reply;
            }
            case UNAUTHORIZED ->
                given().contentType("application/json")
                        .body("{}")
                        .post("/api/info")
                        .asString();
            case UNKNOWN_CHANNEL -> connected().subscribes("nowhere");
            case PERMISSION_DENIED -> connected().subscribes("secret:a");
            case METHOD_NOT_FOUND -> connected().asks("dance", "{}");
            case ALREADY_SUBSCRIBED -> lastOf(connected(), "chat:a", "chat:a");
            case LIMIT_EXCEEDED -> lastOf(connected(), "chat:a", "chat:b", "chat:c");
            case BAD_REQUEST -> connected().asks("publish", "{\"channel\":\"chat:a\"}");
            case NOT_AVAILABLE -> connected().asks("rpc", "{}");
            case TOKEN_EXPIRED -> opened().asks("connect", token(claims -> claims.expiresAt(clock.instant())));
            case TOO_MANY_REQUESTS -> {
                SocketClient client = connected();
                client.asks("publish", publication("sparing:a"));
                yield client.asks("publish", publication("sparing:a"));
            }
            case UNRECOVERABLE_POSITION ->
                connected().asks("history", "{\"channel\":\"chat:a\",\"since\":{\"epoch\":\"long ago\"}}");
        };
    }

    private static String lastOf(SocketClient client, String... channels) {
        return Arrays.stream(channels).map(client::subscribes).toList().getLast();
    }

    @ParameterizedTest
    @EnumSource
    @Order(2)
    void everyUnsubscribeIsPushed(UnsubscribeCode code) {
        // when
        SocketClient client = unsubscribedWith(code);

        // then
        String push = "\"unsubscribe\":{\"code\":" + code.code() + ",\"reason\":\"" + code.reason() + "\"}";
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(client.pushes()).anyMatch(pushed -> pushed.contains(push)));
    }

    private SocketClient unsubscribedWith(UnsubscribeCode code) {
        return switch (code) {
            case SERVER -> {
                SocketClient client = connectedAs("unsubscribed");
                client.subscribes("chat:a");
                order(new Unsubscribe(new Whom("acme", "unsubscribed", null), "chat:a"));
                yield client;
            }
            case INSUFFICIENT_STATE -> {
                SocketClient client = connected();
                client.subscribes("chat:a");
                makeRedisForget("chat:a");
                yield client;
            }
            case EXPIRED -> {
                SocketClient client = connectedAs("expiring");
                String token = signed(claims -> claims.subject("expiring")
                        .claim("channel", "secret:a")
                        .expiresAt(clock.instant().plusSeconds(60)));
                client.asks("subscribe", "{\"channel\":\"secret:a\",\"token\":\"" + token + "\"}");
                clock.forward(Duration.ofSeconds(90));
                yield client;
            }
        };
    }

    static Stream<CloseCode> closes() {
        // The pod takes nobody any more when it has begun to shut down.
        return Stream.concat(
                Stream.of(CloseCode.values()).filter(code -> code != CloseCode.SHUTDOWN),
                Stream.of(CloseCode.SHUTDOWN));
    }

    @ParameterizedTest
    @MethodSource("closes")
    @Order(3)
    void everyCloseIsSaid(CloseCode code) {
        // when
        List<CloseReason> closes = closesWith(code);

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(closes)
                        .extracting(CloseReason::getCode, CloseReason::getMessage)
                        .containsExactly(tuple(code.code(), code.reason())));
    }

    private List<CloseReason> closesWith(CloseCode code) {
        return switch (code) {
            case SHUTDOWN -> {
                SocketClient client = connected();
                shutdown.fire(new ShutdownDelayInitiatedEvent());
                yield client.closes();
            }
            case SERVER_ERROR -> {
                SocketClient client = connected();
                clock.broken = true;
                client.says("{\"id\":9,\"ping\":{}}");
                yield client.closes();
            }
            case EXPIRED -> {
                SocketClient client = connected();
                clock.forward(HOUR.plusSeconds(30));
                yield client.closes();
            }
            case SLOW -> closesOfSomebodySlow();
            case INSUFFICIENT_STATE -> {
                SocketClient client = opened();
                client.asks("connect", token(claims -> claims.claim("channels", List.of("chat:a"))));
                makeRedisForget("chat:a");
                yield client.closes();
            }
            case FORCE_RECONNECT -> {
                SocketClient client = connected();
                given().post(management.resolve("/lightline/shed?target=0"))
                        .then()
                        .statusCode(200);
                yield client.closes();
            }
            case NO_PONG -> {
                SocketClient client = connected();
                clock.forward(Duration.ofSeconds(26));
                await().until(client::pinged);
                clock.forward(Duration.ofSeconds(9));
                yield client.closes();
            }
            case TOO_MANY_REQUESTS -> said(connected(), "{}\n".repeat(10_000));
            case INVALID_TOKEN -> said(opened(), connect("rubbish"));
            case BAD_REQUEST -> said(opened(), "rubbish");
            case STALE -> {
                SocketClient client = opened();
                clock.forward(Duration.ofSeconds(11));
                yield client.closes();
            }
            case FORCE_DISCONNECT -> {
                SocketClient client = connectedAs("unwanted");
                order(new Disconnect(new Whom("acme", "unwanted", null), Set.of(), CloseCode.FORCE_DISCONNECT));
                yield client.closes();
            }
            case CONNECTION_LIMIT -> {
                connectedAs("twin");
                yield said(opened(), connect(signed(claims -> claims.subject("twin"))));
            }
            case INAPPROPRIATE_PROTOCOL -> {
                SocketClient client = opened();
                client.saysBinary(new byte[] {1, 2, 3});
                yield client.closes();
            }
            case TOKEN_NOT_YET_VALID ->
                said(
                        opened(),
                        connect(signed(claims -> claims.claim(
                                "nbf", clock.instant().plusSeconds(60).getEpochSecond()))));
            case UNKNOWN_ISSUER -> said(opened(), connect(signed(claims -> claims.issuer("umbrella"))));
            case BAD_SIGNATURE ->
                said(opened(), connect(sign(claims(), "another secret that is long enough for HS256")));
            case ALGORITHM_NOT_ALLOWED -> said(opened(), connect(unsigned()));
            case WRONG_AUDIENCE -> said(opened(), connect(signed(claims -> claims.audience("somebody else"))));
            case TOKEN_REVOKED -> {
                SocketClient client = connectedAs("revoked");
                Instant now = clock.instant();
                order(new RevokeTokens(new Revocation("acme", "revoked", now.plusSeconds(1), now.plus(HOUR))));
                yield client.closes();
            }
            case ORIGIN_NOT_ALLOWED ->
                said(
                        kept(SocketClient.openFrom("https://another.example", server)),
                        connect(signed(UnaryOperator.identity())));
        };
    }

    private static List<CloseReason> said(SocketClient client, String frame) {
        client.says(frame);
        return client.closes();
    }

    private SocketClient opened() {
        return kept(SocketClient.openFrom(PAGE, server));
    }

    /** Somebody whom nobody else is. */
    private SocketClient connected() {
        return connectedAs("user-" + clients.size() + "-" + System.nanoTime());
    }

    private SocketClient connectedAs(String user) {
        SocketClient client = opened();
        assertThat(client.asks("connect", token(claims -> claims.subject(user))))
                .contains("\"connect\":{");
        return client;
    }

    private SocketClient kept(SocketClient client) {
        clients.add(client);
        return client;
    }

    private void order(ControlMessage.Order order) {
        desk.give(order).await().atMost(LIMIT);
    }

    private void makeRedisForget(String channel) {
        redis.kill();
        restartRedis();
        publish(channel, "1").then().statusCode(200);
    }

    /** Empty, after the pod has noticed that it was gone. */
    private void restartRedis() {
        await().atMost(LIMIT).until(() -> readiness() != 200);
        redis.restart();
        awaitReadiness();
    }

    private int readiness() {
        return given().get(management.resolve("/q/health/ready")).statusCode();
    }

    private static Response publish(String channel, String data) {
        return given().header("X-API-Key", API_KEY)
                .contentType("application/json")
                .body("{\"channel\":\"" + channel + "\",\"data\":" + data + "}")
                .post("/api/publish");
    }

    private List<CloseReason> closesOfSomebodySlow() {
        try (var http = HttpClient.newHttpClient()) {
            var slow = new SlowReader();
            URI address = URI.create("ws://" + server.getAuthority() + "/connection/websocket");
            WebSocket socket =
                    http.newWebSocketBuilder().buildAsync(address, slow).join();
            socket.sendText(connect(signed(UnaryOperator.identity())), true).join();
            socket.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:slow\"}}", true)
                    .join();
            await().until(() -> slow.frames.size() == 2);

            String data = "\"" + "x".repeat(900_000) + "\"";
            await().atMost(LIMIT).until(() -> {
                publish("chat:slow", data).then().statusCode(200);
                return closed(CloseCode.SLOW);
            });
            slow.readAll(socket);
            await().atMost(LIMIT).until(() -> !slow.closes.isEmpty());
            return slow.closes;
        }
    }

    private boolean closed(CloseCode code) {
        return given().get(management.resolve("/q/metrics"))
                .asString()
                .lines()
                .anyMatch(line -> line.startsWith("lightline_closes_total{code=\"" + code.code() + "\"")
                        && !line.endsWith(" 0.0"));
    }

    /** Reads two frames, and no more before it is told to. */
    private static final class SlowReader implements WebSocket.Listener {

        private final List<String> frames = new CopyOnWriteArrayList<>();
        private final List<CloseReason> closes = new CopyOnWriteArrayList<>();

        @Override
        public void onOpen(WebSocket socket) {
            socket.request(2);
        }

        void readAll(WebSocket socket) {
            socket.request(Long.MAX_VALUE);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            frames.add(text.toString());
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closes.add(new CloseReason(code, reason));
            return null;
        }
    }

    private static String publication(String channel) {
        return "{\"channel\":\"" + channel + "\",\"data\":1}";
    }

    private static String connect(String token) {
        return "{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}";
    }

    /** The body of a connect. */
    private String token(UnaryOperator<JwtClaimsBuilder> more) {
        return "{\"token\":\"" + signed(more) + "\"}";
    }

    /** A token of a user of acme, good for an hour, unless {@code more} says otherwise. */
    private String signed(UnaryOperator<JwtClaimsBuilder> more) {
        return sign(more.apply(claims()), SECRET);
    }

    private JwtClaimsBuilder claims() {
        return Jwt.claims()
                .issuer("acme")
                .audience("lightline")
                .subject("alice")
                .issuedAt(clock.instant())
                .expiresAt(clock.instant().plus(HOUR));
    }

    private static String sign(JwtClaimsBuilder claims, String secret) {
        return claims.sign(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    }

    private static String unsigned() {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8))
                + "."
                + base64.encodeToString("{\"iss\":\"acme\",\"exp\":9999999999}".getBytes(UTF_8))
                + ".";
    }
}
