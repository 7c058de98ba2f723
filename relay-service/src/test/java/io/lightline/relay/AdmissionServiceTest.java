package io.lightline.relay;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One pod with few places, behind a proxy that says where clients come from. */
@QuarkusTest
@TestProfile(AdmissionServiceTest.FewPlaces.class)
@NullUnmarked
class AdmissionServiceTest {

    private static final String ACME = "https://acme.lightning.force.com";
    private static final int PLACES = 8;
    private static final int PLACES_OF_AN_ADDRESS = 3;

    /** Configuration of this test's pod. */
    public static final class FewPlaces implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "lightline.backplane.type",
                    "memory",
                    "lightline.tenants.demo.allowed-origins",
                    ACME,
                    "lightline.limits.max-connections",
                    "" + PLACES,
                    "lightline.limits.max-address-connections",
                    "" + PLACES_OF_AN_ADDRESS,
                    "lightline.drain.max-pause",
                    "2s",
                    "quarkus.http.proxy.proxy-address-forwarding",
                    "true");
        }
    }

    @TestHTTPResource("/connection/websocket")
    URI server;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WebSocket> sockets = new ArrayList<>();
    private final List<Integer> closeCodes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void everyPlaceIsFree() {
        awaitConnections(0);
    }

    @AfterEach
    void leave() {
        sockets.forEach(WebSocket::abort);
        awaitConnections(0);
        http.close();
    }

    @Test
    void aFullPodRefusesWith503UntilSomebodyLeaves() {
        // given
        fill();

        // then
        assertThat(refusalOf("192.0.2.99")).satisfies(refused(503));

        // and when
        sockets.removeLast().abort();
        awaitConnections(PLACES - 1);

        // then
        connect("192.0.2.99");
        assertThat(metric("result=\"connections\"")).isPositive();
    }

    @Test
    void anAddressWithTooManyIsRefusedWith429AndOthersAreNot() {
        // given
        IntStream.range(0, PLACES_OF_AN_ADDRESS).forEach(_ -> connect("192.0.2.7"));

        // then
        assertThat(refusalOf("192.0.2.7")).satisfies(refused(429));
        connect("192.0.2.8");
        IntStream.range(0, PLACES_OF_AN_ADDRESS).forEach(i -> connect("2001:db8:0:1::" + i));
        assertThat(refusalOf("2001:db8:0:1::ff")).satisfies(refused(429));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://acme.lightning.force.com.evil.example",
                "http://acme.lightning.force.com",
                "https://acme.lightning.force.com:8443",
                "null",
            })
    void aPageOfAnOriginThatNoTenantHasIsRefusedWith403(String origin) {
        assertThat(refusalOf("Origin", origin).statusCode()).isEqualTo(403);
        assertThat(metric("result=\"origin\"")).isPositive();
        connect("Origin", ACME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade\r\nSec-WebSocket-Version: 99\r\n",
                "Connection: keep-alive\r\nSec-WebSocket-Version: 13\r\n",
            })
    void aBadHandshakeTakesNoPlaceAndTheConnectionMayTryAgain(String badHeaders) throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            // when: more of them than there are places
            for (int i = 0; i < 2 * PLACES; i++) {
                handshake(socket, badHeaders);
                assertThat(statusOf(socket)).isIn(400, 426);
            }

            // then
            awaitConnections(0);

            // and when
            handshake(socket, "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");

            // then
            assertThat(statusOf(socket)).isEqualTo(101);
            awaitConnections(1);
        }
    }

    @Test
    void whatCannotBecomeAWebSocketIsNotCounted() throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            // given
            double before = metric("result=");

            // when
            handshake(socket, "Connection: Upgrade\r\nSec-WebSocket-Version: 99\r\n");

            // then
            assertThat(statusOf(socket)).isEqualTo(426);
            assertThat(metric("result=")).isEqualTo(before);
        }
    }

    @Test
    void socketsThatDieAsSoonAsTheyAreAskedForTakeNoPlace() throws IOException {
        // when
        for (int i = 0; i < 10 * PLACES; i++) {
            try (var socket = new Socket(server.getHost(), server.getPort())) {
                // Reset, not closed in good order.
                socket.setSoLinger(true, 0);
                handshake(socket, "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
            }
        }

        // then
        awaitConnections(0);
        fill();
    }

    @Test
    void http2CannotBeUpgraded() throws Exception {
        // given
        var request = HttpRequest.newBuilder(URI.create("http://" + server.getAuthority() + server.getPath()))
                .version(HttpClient.Version.HTTP_2)
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                .build();

        // when
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());

        // then
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.statusCode()).isEqualTo(505);
        awaitConnections(0);
    }

    @Test
    void whatIsAboveTheTargetIsSentToOtherPods() {
        // given
        IntStream.range(0, 6).forEach(i -> connect("192.0.2." + i));
        awaitConnections(6);

        // when
        shed("target=4").statusCode(200).body("connections", is(6), "target", is(4), "closing", is(2));

        // then: one thing at a time
        shed("target=0").statusCode(409).body("error", containsString("already"));
        await().untilAsserted(() -> assertThat(closeCodes).containsExactly(3011, 3011));
        awaitConnections(4);

        // and when
        shed("fraction=0.25").statusCode(200).body("connections", is(4), "target", is(3), "closing", is(1));

        // then
        awaitConnections(3);
        assertThat(closeCodes).containsExactly(3011, 3011, 3011);
    }

    @Test
    void nobodyIsSentAwayWhenThereIsRoom() {
        // given
        connect("192.0.2.1");
        awaitConnections(1);

        // when
        shed("target=5").statusCode(200).body("connections", is(1), "target", is(1), "closing", is(0));

        // then: the next one may ask at once
        await().untilAsserted(() -> shed("target=5").statusCode(200));
        assertThat(closeCodes).isEmpty();
    }

    @Test
    void aBadTargetIsNamed() {
        shed("target=many").statusCode(400).body("error", containsString("many"));
        shed("fraction=2").statusCode(400).body("error", containsString("2"));
        shed("targt=1").statusCode(400).body("error", containsString("target"));
    }

    @Test
    void aPodThatStaysIsNotDraining() {
        drainStatus().statusCode(200).body("draining", is(false));
        given().get(management.resolve("/q/health/ready"))
                .then()
                .body("checks.find { it.name == 'drain' }.status", is("UP"));
        assertThat(given().get(management.resolve("/q/metrics")).asString()).contains("lightline_draining 0.0");
    }

    @Test
    void operatorsDoorIsNotOnTheClientsPort() {
        given().post(URI.create("http://" + server.getAuthority() + "/lightline/shed?target=0"))
                .then()
                .statusCode(404);
    }

    private void fill() {
        IntStream.range(0, PLACES).forEach(i -> connect("192.0.2." + i));
    }

    private void connect(String address) {
        connect("X-Forwarded-For", address);
    }

    private void connect(String header, String value) {
        sockets.add(http.newWebSocketBuilder()
                .header(header, value)
                .buildAsync(URI.create("ws://" + server.getAuthority() + server.getPath()), new CloseListener())
                .join());
    }

    private HttpResponse<?> refusalOf(String address) {
        return refusalOf("X-Forwarded-For", address);
    }

    private HttpResponse<?> refusalOf(String header, String value) {
        try {
            connect(header, value);
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) e.getCause()).getResponse();
        }
        throw new AssertionError("let in: " + value);
    }

    private static ThrowingConsumer<HttpResponse<?>> refused(int status) {
        return response -> {
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 5L);
        };
    }

    private static void handshake(Socket socket, String headers) throws IOException {
        String request = "GET /connection/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n" + headers
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one response with its body. */
    private static int statusOf(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("end of stream after %s", head).isNotNegative();
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(
                        line.substring("content-length:".length()).strip()))
                .findFirst()
                .orElse(0);
        socket.getInputStream().readNBytes(length);
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private ValidatableResponse shed(String query) {
        return given().post(management.resolve("/lightline/shed?" + query)).then();
    }

    private ValidatableResponse drainStatus() {
        return given().get(management.resolve("/lightline/drain")).then();
    }

    private void awaitConnections(int count) {
        await().untilAsserted(() -> drainStatus().body("connections", is(count)));
    }

    private double metric(String label) {
        return given().get(management.resolve("/q/metrics"))
                .asString()
                .lines()
                .filter(line -> line.startsWith("lightline_upgrades_total") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private final class CloseListener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closeCodes.add(code);
            return null;
        }
    }
}
