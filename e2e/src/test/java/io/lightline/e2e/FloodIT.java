package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise 4: who floods the relay is shown out with the right code, and a client beside them notices nothing. */
@NullUnmarked
class FloodIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int TOO_BIG = 1009;
    private static final int TOO_MANY_REQUESTS = 3013;
    private static final int STALE = 3502;
    private static final int FRAMES = 300_000;
    private static final int FRAMES_A_WRITE = 1_000;
    private static final int SILENT = 3_000;

    private static LoneRelay relay;
    private final String channel = "chat:" + UUID.randomUUID();

    @BeforeAll
    static void startTheRelay() {
        String chat = "lightline.tenants.demo.namespaces.chat.";
        relay = LoneRelay.start(
                "flood",
                Map.of(
                        chat + "publish",
                        "anybody",
                        chat + "history-size",
                        "1000",
                        chat + "history-ttl",
                        "1m",
                        "lightline.limits.upgrade-rate",
                        "0",
                        "lightline.session.connect-timeout",
                        "3s"));
    }

    @AfterAll
    static void stopTheRelay() {
        relay.close();
    }

    @Test
    void whoSendsCommandsWithoutAnEndIsClosed() throws Exception {
        try (var bystander = Bystander.on(relay, channel);
                var flooder = RawSocket.open(relay.webSocketUri());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // given
            flooder.ask("connect", Json.object());
            Future<Integer> code = threads.submit(flooder::readToTheEnd);

            // when
            sendAsLongAsItIsTaken(flooder);

            // then
            assertThat(code.get()).isEqualTo(TOO_MANY_REQUESTS);
            bystander.hearsMore();
            bystander.wasNotHarmed();
        }
    }

    @Test
    void whoAnnouncesAHugeFrameIsClosedBeforeItComes() throws Exception {
        try (var bystander = Bystander.on(relay, channel);
                var giant = RawSocket.open(relay.webSocketUri())) {
            // given
            giant.ask("connect", Json.object());
            int before = tooBig();

            // when
            giant.send(RawSocket.header(1L << 30));

            // then
            assertThat(giant.readToTheEnd()).isEqualTo(TOO_BIG);
            assertThat(tooBig()).isEqualTo(before + 1);
            bystander.hearsMore();
            bystander.wasNotHarmed();
        }
    }

    @Test
    void thousandsWhoNeverSayWhoTheyAreAreClosed() throws Exception {
        try (var bystander = Bystander.on(relay, channel);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // when
            List<RawSocket> silent = Stream.generate(() -> RawSocket.open(relay.webSocketUri()))
                    .limit(SILENT)
                    .toList();
            List<Future<Integer>> codes = silent.stream()
                    .map(socket -> threads.submit(socket::readToTheEnd))
                    .toList();

            // then
            assertThat(codes).allSatisfy(code -> assertThat(code.get()).isEqualTo(STALE));
            silent.forEach(RawSocket::close);
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(metrics().sum("lightline_connections")).isEqualTo(Bystander.CONNECTIONS));
            bystander.wasNotHarmed();
        }
    }

    private static void sendAsLongAsItIsTaken(RawSocket flooder) {
        byte[] frame = RawSocket.frame(Json.object().put("id", 2).set("ping", Json.object()));
        var burst = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES_A_WRITE; i++) {
            burst.writeBytes(frame);
        }
        try {
            for (int sent = 0; sent < FRAMES; sent += FRAMES_A_WRITE) {
                flooder.send(burst.toByteArray());
            }
        } catch (UncheckedIOException closed) {
            // As it should be.
        }
    }

    private static int tooBig() {
        return (int) metrics().sum("lightline_websocket_violations_total", "code=\"" + TOO_BIG + "\"");
    }

    private static Metrics metrics() {
        return new Metrics(relay.managementUri("/q/metrics"));
    }
}
