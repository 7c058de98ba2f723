package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a relay ends. */
class DrainIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SHUTDOWN = 3001;

    @Test
    void clientsAreSentAwayOneByOneWhileNobodyNewComesIn() {
        // given
        int count = 200;
        try (var relay = LoneRelay.start("drain", Map.of("lightline.drain.window", "5s"))) {
            List<RelayClient> clients = connect(relay, count);
            assertThat(connections(relay)).hasValue(count);

            // when
            relay.askToStop();

            // then: at once
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> draining(relay));
            assertThat(relay.readiness()).isEqualTo(503);
            assertThatThrownBy(() -> RelayClient.connect(relay.webSocketUri()))
                    .cause()
                    .asInstanceOf(type(WebSocketHandshakeException.class))
                    .extracting(WebSocketHandshakeException::getResponse)
                    .satisfies(response -> {
                        assertThat(response.statusCode()).isEqualTo(503);
                        assertThat(response.headers().firstValue("Retry-After")).isPresent();
                    });
            assertThat(relay.publish("chat:drain")).isEqualTo(200);

            // and: not all together
            var left = new TreeSet<Integer>();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
                connections(relay).ifPresent(left::add);
                return !relay.isAlive();
            });
            assertThat(left).hasSizeGreaterThan(10);
            assertThat(clients).extracting(DrainIT::closeCode).containsOnly(SHUTDOWN);
        }
    }

    @Test
    void itEndsLongBeforeItsWindowWhenNobodyIsLeft() {
        // given
        try (var relay = LoneRelay.start("drain-few", Map.of("lightline.drain.window", "1h"))) {
            List<RelayClient> clients = connect(relay, 3);

            // when
            relay.askToStop();

            // then
            await().atMost(LIMIT).until(() -> !relay.isAlive());
            assertThat(clients).extracting(DrainIT::closeCode).containsOnly(SHUTDOWN);
        }
    }

    @Test
    void itEndsAsSoonAsTheLastOneHasLeftByItself() {
        // given
        var patient = Map.of("lightline.drain.window", "2h", "lightline.drain.max-pause", "1h");
        try (var relay = LoneRelay.start("drain-left", patient)) {
            List<RelayClient> clients = connect(relay, 2);
            relay.askToStop();
            await().atMost(LIMIT)
                    .until(() ->
                            clients.stream().anyMatch(client -> client.closed().isDone()));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(connections(relay)).hasValue(1));

            // when
            clients.forEach(RelayClient::close);

            // then
            await().atMost(LIMIT).until(() -> !relay.isAlive());
        }
    }

    @Test
    void itEndsAtOnceWhenNobodyIsThere() {
        // given
        try (var relay = LoneRelay.start("drain-nobody", Map.of("lightline.drain.window", "1h"))) {
            // when
            relay.askToStop();

            // then
            await().atMost(LIMIT).until(() -> !relay.isAlive());
        }
    }

    @Test
    void aClientThatDoesNotAnswerTheGoodbyeDoesNotKeepItAlive() throws IOException {
        // given
        try (var relay = LoneRelay.start("drain-deaf", Map.of("lightline.drain.window", "1h"));
                var deaf = new Socket(
                        relay.webSocketUri().getHost(), relay.webSocketUri().getPort())) {
            deaf.getOutputStream()
                    .write(("GET /connection/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(connections(relay)).hasValue(1));

            // when
            relay.askToStop();

            // then
            await().atMost(LIMIT).until(() -> !relay.isAlive());
        }
    }

    private static List<RelayClient> connect(LoneRelay relay, int count) {
        return Stream.generate(() -> RelayClient.connect(relay.webSocketUri()))
                .limit(count)
                .toList();
    }

    private static int closeCode(RelayClient client) {
        return client.closed().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static boolean draining(LoneRelay relay) {
        return status(relay).map(status -> status.path("draining").asBoolean()).orElseThrow();
    }

    private static Optional<Integer> connections(LoneRelay relay) {
        return status(relay).map(status -> status.path("connections").asInt());
    }

    /** Empty when it has ended. */
    private static Optional<JsonNode> status(LoneRelay relay) {
        try {
            return Optional.of(
                    Json.parse(Http.get(relay.managementUri("/lightline/drain")).body()));
        } catch (UncheckedIOException ended) {
            return Optional.empty();
        }
    }
}
