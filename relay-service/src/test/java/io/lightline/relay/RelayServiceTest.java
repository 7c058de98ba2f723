package io.lightline.relay;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.lightline.backplane.RedisResource;
import io.lightline.localstack.RedisProcess;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One pod with a real Redis and real sockets. */
@QuarkusTest
@WithTestResource(RedisResource.class)
@NullUnmarked
class RelayServiceTest {

    private static final String KEY = "test-key";

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @RedisResource.Injected
    RedisProcess redis;

    @BeforeEach
    void awaitReadiness() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> readiness().statusCode(200));
    }

    @Test
    void clientsTalkToEachOther() {
        // given
        var alice = SocketClient.connect(server);
        var bob = SocketClient.connect(server);
        alice.subscribes("chat:room");
        bob.subscribes("chat:room");

        // when
        String reply = alice.asks("publish", "{\"channel\":\"chat:room\",\"data\":{\"text\":\"hi\"}}");

        // then
        assertThat(reply).endsWith("\"publish\":{}}");
        await().untilAsserted(() -> assertThat(bob.pushes())
                .singleElement()
                .asString()
                .contains("\"data\":{\"text\":\"hi\"},\"offset\":1,\"info\":{\"user\":\"\",\"client\":"));
        assertThat(alice.pushes()).hasSize(1);
        alice.leaves();
        bob.leaves();
    }

    @Test
    void aClientThatWasAwayRecovers() {
        // given
        var alice = SocketClient.connect(server);
        String epoch = field(alice.subscribes("chat:away"), "epoch");
        alice.leaves();
        IntStream.rangeClosed(1, 50).forEach(i -> published("chat:away", "" + i));

        // when
        var again = SocketClient.connect(server);
        String reply = again.asks(
                "subscribe", "{\"channel\":\"chat:away\",\"recover\":true,\"epoch\":\"" + epoch + "\",\"offset\":0}");

        // then
        assertThat(reply).contains("\"was_recovering\":true,\"recovered\":true", "\"offset\":50");
        assertThat(Pattern.compile("\\{\"data\":(\\d+),")
                        .matcher(reply)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 50).mapToObj(String::valueOf).toList());
        again.leaves();
    }

    @Test
    void theServerApiPublishes() {
        // given
        var alice = SocketClient.connect(server);
        alice.subscribes("chat:api");

        // when
        api("publish", """
                        {"channel": "chat:api", "data": {
                            "exact": 1.10,
                            "big": 12345678901234567890
                        }, "tags": {"a": "b"}}
                        """)
                .statusCode(200)
                .body("result.offset", is(1), "result.epoch", notNullValue(), "error", nullValue());

        // then: on one line, to the digit
        await().untilAsserted(() -> assertThat(alice.pushes())
                .singleElement()
                .asString()
                .contains(
                        "\"data\":{\"exact\":1.10,\"big\":12345678901234567890},\"offset\":1,\"tags\":{\"a\":\"b\"}"));
        alice.leaves();
    }

    @Test
    void theServerApiBroadcasts() {
        api("broadcast", "{\"channels\": [\"chat:b1\", \"nowhere\", \"chat:b2\"], \"data\": 1}")
                .body(
                        "result.responses", hasSize(3),
                        "result.responses[0].result.offset", is(1),
                        "result.responses[1].error.code", is(102),
                        "result.responses[2].result.offset", is(1));
    }

    @Test
    void theServerApiReadsHistory() {
        // given
        IntStream.rangeClosed(1, 5).forEach(i -> published("chat:history", "" + i));

        // then
        var read = api("history", "{\"channel\": \"chat:history\", \"limit\": 2, \"reverse\": true}")
                .body(
                        "result.offset", is(5),
                        "result.publications.data", equalTo(List.of(5, 4)),
                        "result.publications[0].offset", is(5));
        String epoch = read.extract().path("result.epoch");
        api(
                        "history",
                        "{\"channel\": \"chat:history\", \"limit\": -1, \"since\": {\"offset\": 3, \"epoch\": \""
                                + epoch + "\"}}")
                .body("result.publications.data", equalTo(List.of(4, 5)));
        api("history", "{\"channel\": \"chat:history\", \"since\": {\"offset\": 3, \"epoch\": \"other\"}}")
                .body("error.code", is(112));
        api("history", "{\"channel\": \"plain:x\"}").body("error.code", is(108));
    }

    @Test
    void anIdempotencyKeyPublishesOnce() {
        // when
        String body = "{\"channel\": \"chat:once\", \"data\": 1, \"idempotency_key\": \"k1\"}";
        int first = api("publish", body).extract().path("result.offset");
        int second = api("publish", body).extract().path("result.offset");

        // then
        assertThat(second).isEqualTo(first);
        api("history", "{\"channel\": \"chat:once\", \"limit\": 10}").body("result.publications", hasSize(1));
        api("publish", "{\"channel\": \"plain:x\", \"data\": 1, \"idempotency_key\": \"k1\"}")
                .body("error.code", is(107), "error.message", containsString("plain:x"));
    }

    @Test
    void skippedHistoryReachesSubscribersOnly() {
        // given
        var alice = SocketClient.connect(server);
        alice.subscribes("chat:skip");

        // when
        api("publish", "{\"channel\": \"chat:skip\", \"data\": 1, \"skip_history\": true}")
                .statusCode(200);

        // then
        await().untilAsserted(() -> assertThat(alice.pushes())
                .singleElement()
                .asString()
                .contains("\"data\":1")
                .doesNotContain("offset"));
        api("history", "{\"channel\": \"chat:skip\", \"limit\": 10}").body("result.publications", hasSize(0));
        alice.leaves();
    }

    @Test
    void theServerApiRefusesClearly() {
        given().body("{}")
                .contentType("application/json")
                .post("/api/info")
                .then()
                .statusCode(401)
                .body("error.code", is(101));
        given().header("X-API-Key", "wrong")
                .body("{}")
                .contentType("application/json")
                .post("/api/info")
                .then()
                .statusCode(401);
        api("publish", "{\"data\": 1}").body("error.code", is(107), "error.message", containsString("channel"));
        api("publish", "{\"channel\": \"chat:a\"}")
                .body("error.code", is(107), "error.message", containsString("data"));
        api("publish", "{\"channel\": \"chat:a\", \"b64data\": \"%%\"}").body("error.code", is(107));
        api("publish", "{\"channel\": \"nowhere\", \"data\": 1}")
                .body("error.code", is(102), "error.message", containsString("nowhere"));
        api("publish", "not json").statusCode(400);
        api("history", "{\"channel\": \"chat:a\", \"since\": {\"offset\": -1}}").body("error.code", is(107));
    }

    @Test
    void infoListsThePods() {
        await().until(() ->
                api("info", "{}").extract().path("result.nodes.size()").equals(1));
        api("info", "{}")
                .body(
                        "result.nodes",
                        hasSize(1),
                        "result.nodes[0].name",
                        is("test-pod"),
                        "result.nodes[0].uid",
                        notNullValue());
    }

    @Test
    void theOpenApiDocumentDescribesTheServerApi() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths.'/api/publish'.post.summary", is("Publish to a channel"))
                .body("components.securitySchemes.api-key.name", is("X-API-Key"))
                .body("components.schemas.Publish.properties.skip_history.type", is("boolean"));
    }

    @Test
    void aBinaryFrameIsTheWrongProtocol() {
        // given
        var alice = SocketClient.open(server);

        // when
        alice.saysBinary(new byte[] {1, 2, 3});

        // then
        await().untilAsserted(() -> assertThat(alice.closes())
                .singleElement()
                .satisfies(reason -> assertThat(reason.getCode()).isEqualTo(3506)));
    }

    @Test
    void rubbishClosesWithTheProtocolsCode() {
        // given
        var alice = SocketClient.open(server);

        // when
        alice.says("rubbish");

        // then
        await().untilAsserted(() -> assertThat(alice.closes()).singleElement().satisfies(reason -> {
            assertThat(reason.getCode()).isEqualTo(3501);
            assertThat(reason.getMessage()).isEqualTo("bad request");
        }));
    }

    @Test
    void aClientThatReadsNothingIsCutOffAndNobodyElseNotices() throws IOException {
        // given
        var alice = SocketClient.connect(server);
        alice.subscribes("chat:slow");
        double slowBefore = metric("lightline_closes_total\\{code=\"3008\"[^}]*}");
        try (Socket deaf = deafSubscriber("chat:slow")) {
            // when
            String data = "\"" + "x".repeat(30_000) + "\"";
            int count = 400;
            IntStream.rangeClosed(1, count).forEach(_ -> published("chat:slow", data));

            // then
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(alice.pushes()).hasSize(count));
            await().untilAsserted(() -> assertThat(metric("lightline_closes_total\\{code=\"3008\"[^}]*}"))
                    .isEqualTo(slowBefore + 1));
            assertThat(deaf.isClosed()).isFalse();
        }
        alice.leaves();
    }

    @Test
    void readinessTellsTheTruthAboutTheBackplane() {
        // given
        var alice = SocketClient.connect(server);
        alice.subscribes("chat:outage");

        // when
        redis.kill();

        // then
        await().untilAsserted(() ->
                readiness().statusCode(503).body("checks.find { it.name == 'backplane' }.data.reason", notNullValue()));
        api("publish", "{\"channel\": \"chat:outage\", \"data\": 1}")
                .statusCode(503)
                .body("error.code", is(100));
        assertThat(alice.asks("publish", "{\"channel\":\"chat:outage\",\"data\":1}"))
                .contains("\"code\":100");

        // and when
        redis.restart();
        awaitReadiness();
        published("chat:outage", "2");

        // then: the stream began a new life, and the subscriber is told to come back
        await().untilAsserted(() ->
                assertThat(alice.pushes()).anyMatch(push -> push.contains("\"unsubscribe\":{\"code\":2500")));
        alice.leaves();
    }

    @Test
    void sumsOfTheMetricsHold() {
        // given
        var alice = SocketClient.connect(server);
        alice.subscribes("chat:sums");

        // when
        IntStream.rangeClosed(1, 20).forEach(i -> published("chat:sums", "" + i));
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(20));

        // then
        await().untilAsserted(() -> {
            assertThat(metric("lightline_publications_received_total"))
                    .isGreaterThanOrEqualTo(20)
                    .isEqualTo(metric("lightline_publications_broadcast_total")
                            + metric("lightline_publications_dropped_total\\{[^}]*}"));
            assertThat(metric("lightline_deliveries_due_total"))
                    .isGreaterThanOrEqualTo(20)
                    .isEqualTo(metric("lightline_deliveries_delivered_total")
                            + metric("lightline_deliveries_dropped_total\\{[^}]*}"));
        });
        assertThat(metric("lightline_connections")).isPositive();
        alice.leaves();
    }

    private static void published(String channel, String data) {
        api("publish", "{\"channel\":\"" + channel + "\",\"data\":" + data + "}")
                .statusCode(200)
                .body("error", nullValue());
    }

    private static ValidatableResponse api(String method, String body) {
        return given().header("X-API-Key", KEY)
                .contentType("application/json")
                .body(body)
                .post("/api/" + method)
                .then();
    }

    private ValidatableResponse readiness() {
        return given().get(management.resolve("/q/health/ready")).then();
    }

    /** The sum over the lines of a metric; {@code name} is a pattern without its value. */
    private double metric(String name) {
        String all = given().get(management.resolve("/q/metrics")).asString();
        Matcher lines = Pattern.compile("^" + name + "(?:\\{[^}]*})? ([0-9.E+]+)$", Pattern.MULTILINE)
                .matcher(all);
        return lines.results()
                .mapToDouble(line -> Double.parseDouble(line.group(1)))
                .sum();
    }

    private static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return found.group(1);
    }

    /** Subscribes, then never reads again. */
    private Socket deafSubscriber(String channel) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        String handshake = "GET /connection/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
        // What is sent before the server has switched protocols would be taken for HTTP.
        readUntil(socket, "\r\n\r\n");
        socket.getOutputStream().write(masked("{\"id\":1,\"connect\":{}}"));
        socket.getOutputStream().write(masked("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}"));
        readUntil(socket, "\"subscribe\":{");
        return socket;
    }

    private static void readUntil(Socket socket, String text) throws IOException {
        var read = new StringBuilder();
        while (!read.toString().endsWith(text)) {
            int next = socket.getInputStream().read();
            assertThat(next).as("end of stream after %s", read).isNotNegative();
            read.append((char) next);
        }
    }

    /** A client's text frame with a mask of zeros, RFC 6455 §5.3. */
    private static byte[] masked(String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(payload.length).isLessThan(126);
        byte[] frame = new byte[payload.length + 6];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        return frame;
    }
}
