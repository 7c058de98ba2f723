package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real proxies in front of three relays, with the configurations of {@code docs/proxies} and TLS. Both stand there all the time, and
 * everything happens to both at once. The idle connections are opened first and looked at last, so that nobody waits for them.
 */
@TestMethodOrder(OrderAnnotation.class)
class ProxyIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PODS = 3;
    private static final int STAYS = 0;
    private static final int IS_KILLED = 1;
    private static final int DRAINS = 2;
    private static final int CLIENTS = 100;
    private static final int CHANNELS = 10;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MOST_OF_AN_ADDRESS = 8;
    private static final int TOO_MANY_REQUESTS = 429;

    /** The proxies' time-out is 60 s. */
    private static final Duration IDLE = Duration.ofSeconds(70);

    @TempDir
    private static Path folder;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final List<Proxy> PROXIES = new ArrayList<>();
    private static final List<RelayClient> IDLE_CLIENTS = new ArrayList<>();
    private static RelayPods pods;
    private static Certificate certificate;
    private static SSLContext trust;
    private static Instant idleSince;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "Clients need addresses of their own in 127.0.0.0/8");
        InstalledProgram.require("nginx");
        InstalledProgram.require("haproxy");
        NpmSdk.install();
        certificate = Certificate.in(folder);
        trust = certificate.trust();
        RedisProcess redis = keep(RedisProcess.start(FreePort.next(), userOfTheHandbook()));
        pods = keep(RelayPods.start(PODS, pod -> relay(redis, pod)));
        PROXIES.add(keep(Proxy.nginx(pods.relays(), certificate, Files.createDirectory(folder.resolve("nginx")))));
        PROXIES.add(keep(Proxy.haproxy(pods.relays(), certificate, Files.createDirectory(folder.resolve("haproxy")))));
        for (Proxy proxy : PROXIES) {
            IDLE_CLIENTS.add(keep(connectToThePodThatStays(proxy)));
        }
        idleSince = Instant.now();
    }

    /** The user of Redis that can do what Lightline does and nothing else, as options of the server. */
    private static String[] userOfTheHandbook() throws IOException {
        String user = Files.readAllLines(Path.of("..", "docs", "operations.md")).stream()
                .filter(line -> line.startsWith("user lightline on >SECRET "))
                .findFirst()
                .orElseThrow();
        return ("--" + user).split(" ", -1);
    }

    private static <T extends AutoCloseable> T keep(T resource) {
        OPEN.add(resource);
        return resource;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable resource : OPEN.reversed()) {
            resource.close();
        }
    }

    private static LoneRelay relay(RedisProcess redis, int pod) {
        String chat = "lightline.tenants.demo.namespaces.chat.";
        return LoneRelay.start(
                "proxy-" + pod,
                Map.of(
                        "lightline.backplane.type",
                        "redis",
                        "quarkus.redis.hosts",
                        redis.uri().toString(),
                        "lightline.node-name",
                        name(pod),
                        "lightline.drain.window",
                        "3s",
                        "lightline.limits.max-address-connections",
                        "" + MOST_OF_AN_ADDRESS,
                        "quarkus.http.proxy.proxy-address-forwarding",
                        "true",
                        "quarkus.http.proxy.trusted-proxies",
                        "127.0.0.1",
                        chat + "history-size",
                        "1000",
                        chat + "history-ttl",
                        "10m"));
    }

    private static String name(int pod) {
        return "proxy-" + pod;
    }

    private static RelayClient connectToThePodThatStays(Proxy proxy) {
        var elsewhere = new ArrayList<RelayClient>();
        try {
            while (true) {
                RelayClient client = RelayClient.connect(socket("127.0.0.1"), proxy.webSocketUri(), "");
                if (client.node().equals(name(STAYS))) {
                    return client;
                }
                elsewhere.add(client);
                assertThat(elsewhere)
                        .as("%s sends them all elsewhere", proxy.name())
                        .hasSizeLessThan(2 * PODS);
            }
        } finally {
            elsewhere.forEach(RelayClient::close);
        }
    }

    static List<Proxy> proxies() {
        return PROXIES;
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("proxies")
    @Order(1)
    void anAddressIsWhatTheProxySeesAndNotWhatItsClientSays(Proxy proxy) {
        // when
        List<RelayClient> let = connectUntilRefused("127.0.9.1", proxy.webSocketUri(), PODS * MOST_OF_AN_ADDRESS);

        // then: it was not the proxy's own address either, which another client would share
        try (var other = RelayClient.connect(socket("127.0.9.2"), proxy.webSocketUri(), "")) {
            assertThat(let).hasSizeGreaterThanOrEqualTo(MOST_OF_AN_ADDRESS);
            assertThat(other.node()).isNotEmpty();
        } finally {
            let.forEach(RelayClient::close);
        }
    }

    @Test
    @Order(1)
    void anAddressIsNotWhatAStrangerSaysWhoIsNoProxy() {
        // when
        List<RelayClient> let = connectUntilRefused("127.0.9.3", pods.get(STAYS).webSocketUri(), MOST_OF_AN_ADDRESS);

        // then
        let.forEach(RelayClient::close);
        assertThat(let).hasSize(MOST_OF_AN_ADDRESS);
    }

    /** Each claims to come from somewhere else. */
    private static List<RelayClient> connectUntilRefused(String from, URI relay, int most) {
        var let = new ArrayList<RelayClient>();
        try {
            while (let.size() <= most) {
                let.add(RelayClient.connect(
                        socket(from).header("X-Forwarded-For", "203.0.113." + let.size()), relay, ""));
            }
            throw new AssertionError("Nobody was refused");
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(TOO_MANY_REQUESTS));
            return let;
        }
    }

    private static WebSocket.Builder socket(String from) {
        try {
            return keep(HttpClient.newBuilder()
                            .sslContext(trust)
                            .localAddress(InetAddress.getByName(from))
                            .build())
                    .newWebSocketBuilder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(2)
    void nobodyMissesAnythingWhileProxiesAreReloadedAndPodsEndInAnyWay() throws Exception {
        // given
        List<String> channels =
                Stream.generate(RunningStack::newChannel).limit(CHANNELS).toList();
        try (var behindNginx = crowd(PROXIES.getFirst(), channels);
                var behindHaproxy = crowd(PROXIES.getLast(), channels)) {
            List<Crowd> crowds = List.of(behindNginx, behindHaproxy);
            crowds.forEach(Crowd::awaitSubscribed);

            try (var stream = NumberStream.start(pods.get(STAYS).apiUri("publish"), channels, PAUSE)) {
                // when
                for (Proxy proxy : PROXIES) {
                    proxy.reload();
                    RelayClient.connect(socket("127.0.0.1"), proxy.webSocketUri(), "")
                            .close();
                }
                Instant reloaded = Instant.now();
                awaitMore(stream);
                pods.get(IS_KILLED).kill();
                awaitEverybody(STAYS, DRAINS);
                pods.get(IS_KILLED).startAgain();
                Instant killed = Instant.now();
                pods.get(DRAINS).askToStop();
                await().atMost(LIMIT).until(() -> !pods.get(DRAINS).isAlive());
                awaitEverybody(STAYS, IS_KILLED);
                awaitMore(stream);
                Map<String, Integer> published = stream.stop();

                // then
                for (Crowd crowd : crowds) {
                    Crowd.Report report = crowd.finish(published);
                    assertThat(report.errors()).isEmpty();
                    assertThat(report)
                            .returns(CLIENTS, Crowd.Report::complete)
                            .returns(0L, Crowd.Report::holes)
                            .returns(0L, Crowd.Report::repetitions)
                            .returns(0, Crowd.Report::unrecovered)
                            .returns(0, Crowd.Report::goodbyes);
                    assertThat(report.breaks())
                            .noneMatch(time -> time.isBefore(reloaded))
                            .anyMatch(time -> time.isBefore(killed))
                            .anyMatch(time -> time.isAfter(killed));
                }
                System.out.printf(
                        "Proxies: %d clients behind each, %d messages, a reload, a pod killed, a pod drained%n",
                        CLIENTS,
                        published.values().stream().mapToInt(Integer::intValue).sum());
            }
        }
    }

    private static Crowd crowd(Proxy proxy, List<String> channels) throws IOException {
        return Crowd.start(
                CLIENTS,
                proxy.webSocketUri(),
                channels,
                Map.of("NODE_EXTRA_CA_CERTS", certificate.file().toString(), "FROM", "127.1.0"));
    }

    private static void awaitMore(NumberStream stream) {
        int before = stream.acknowledged();
        await().atMost(LIMIT).until(() -> stream.acknowledged() > before + CHANNELS);
    }

    /** All clients are on these pods, the idle ones too. */
    private static void awaitEverybody(int... where) {
        int all = PROXIES.size() * CLIENTS + IDLE_CLIENTS.size();
        await().atMost(LIMIT).untilAsserted(() -> {
            double connections = 0;
            for (int pod : where) {
                connections += new Metrics(pods.get(pod).managementUri("/q/metrics")).sum("lightline_connections");
            }
            assertThat(connections).isGreaterThanOrEqualTo(all);
        });
    }

    @Test
    @Order(3)
    void aConnectionOnWhichNothingIsSaidOutlivesTheTimeOutOfItsProxy() {
        // when
        await().atMost(LIMIT).until(() -> Instant.now().isAfter(idleSince.plus(IDLE)));

        // then
        assertThat(IDLE_CLIENTS).hasSize(PROXIES.size()).allSatisfy(client -> {
            assertThat(client.closed()).isNotDone();
            client.subscribe(RunningStack.newChannel());
        });
    }
}
