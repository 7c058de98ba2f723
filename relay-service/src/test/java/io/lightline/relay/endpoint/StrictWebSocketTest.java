package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.RedisResource;
import io.lightline.relay.admission.Admission;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.session.SessionLoops;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is on the wire when a client breaks RFC 6455, or keeps to it. */
@QuarkusTest
@WithTestResource(RedisResource.class)
@NullUnmarked
class StrictWebSocketTest {

    private static final int LIMIT = 64 * 1024;
    private static final int HASTY = 300;
    private static final byte[] NO_UTF8 = {'a', (byte) 0xC3, (byte) 0x28};
    private static final byte[] EURO = "€".getBytes(StandardCharsets.UTF_8);

    @TestHTTPResource("/")
    URI server;

    @Inject
    MeterRegistry meters;

    @Inject
    SessionLoops sessions;

    @Inject
    Admission admission;

    @Inject
    Hub hub;

    @BeforeEach
    void awaitThatTheOthersHaveLeft() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sessions.connections()).isZero());
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                violation(1002, "a reserved bit", ClientFrame.text("x").reserved(4)),
                violation(1002, "another reserved bit", ClientFrame.text("x").reserved(1)),
                violation(
                        1002, "a reserved bit on a ping", ClientFrame.ping(EURO).reserved(2)),
                violation(1002, "an opcode for data that does not exist", ClientFrame.of(0x3, EURO)),
                violation(1002, "an opcode for control that does not exist", ClientFrame.of(0xB, EURO)),
                violation(1002, "a frame without a mask", ClientFrame.text("x").unmasked()),
                violation(1002, "a ping in fragments", ClientFrame.ping(EURO).notFinal()),
                violation(1002, "a ping that is too long", ClientFrame.ping(new byte[126])),
                violation(1002, "a fragment of nothing", ClientFrame.continuation(EURO)),
                violation(
                        1002,
                        "a message within a message",
                        ClientFrame.text("x").notFinal(),
                        ClientFrame.text("y")),
                violation(1002, "a negative length", ClientFrame.text("x").declaring(-1)),
                violation(1002, "a close with half a code", ClientFrame.of(0x8, new byte[] {3})),
                violation(1002, "a close code that is too low", ClientFrame.close(999)),
                violation(1002, "a close code that is never sent", ClientFrame.close(1005)),
                violation(1002, "a close code that is reserved", ClientFrame.close(2999)),
                violation(1002, "a close code beyond the last", ClientFrame.close(5000)),
                violation(1002, "the highest close code", ClientFrame.close(65535)),
                violation(1007, "a close reason that is no text", ClientFrame.close(1000, NO_UTF8)),
                violation(1007, "text that is none", ClientFrame.text(NO_UTF8)),
                violation(1007, "half a character", ClientFrame.text(Arrays.copyOf(EURO, 2))),
                violation(
                        1007,
                        "a wrong character in two fragments",
                        ClientFrame.text(new byte[] {(byte) 0xC3}).notFinal(),
                        ClientFrame.continuation(new byte[] {(byte) 0x28})),
                violation(1009, "a frame that is too large", ClientFrame.text("x".repeat(LIMIT + 1))),
                violation(
                        1009,
                        "fragments that are too large together",
                        ClientFrame.text("x".repeat(LIMIT)).notFinal(),
                        ClientFrame.continuation(EURO)),
                violation(1009, "the header of a gigabyte", ClientFrame.text("").declaring(1L << 30)),
                violation(
                        1009, "the header of all there is", ClientFrame.text("").declaring(Long.MAX_VALUE)));
    }

    private static Arguments violation(int code, String what, ClientFrame... frames) {
        return Arguments.of(code, what, frames);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("violations")
    void aViolationGetsOneCloseThenTheEnd(int code, String what, ClientFrame[] frames) throws IOException {
        // given
        double before = counted(code);
        try (var client = RawSocket.upgraded(server)) {
            // when
            client.sends(frames);

            // then
            assertThatOneCloseIsIn(client.readsToTheEnd(), code);
            await().untilAsserted(() -> assertThat(sessions.connections()).isZero());
            assertThat(counted(code)).isEqualTo(before + 1);
        }
    }

    @Test
    void whatFollowsAViolationIsIgnored() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // when
            client.sends(
                    ClientFrame.text(NO_UTF8),
                    ClientFrame.text("rubbish"),
                    ClientFrame.ping(EURO),
                    ClientFrame.text("x").reserved(4),
                    ClientFrame.close(1000));

            // then
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1007);
        }
    }

    @Test
    void aClientThatSendsOnStillReadsTheCloseAndIsCutOff() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // given
            client.sends(ClientFrame.text(new byte[] {}).declaring(1L << 30));

            // when
            client.out().write(new byte[1024 * 1024]);

            // then
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1009);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> client.out().write(new byte[1024])).isInstanceOf(IOException.class));
        }
    }

    @Test
    void aSessionLeavesItsChannelsWhenItsClientBreaksTheProtocol() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // given
            client.sends(ClientFrame.text("{\"id\":1,\"connect\":{}}"));
            client.sends(ClientFrame.text("{\"id\":2,\"subscribe\":{\"channel\":\"plain:strict\"}}"));
            client.readsUntil("\"subscribe\":{}}");
            int before = hub.channels();

            // when
            client.sends(ClientFrame.text("x").reserved(4));

            // then
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1002);
            await().untilAsserted(() -> assertThat(hub.channels()).isEqualTo(before - 1));
        }
    }

    @Test
    void messagesBeforeAViolationAreAnswered() throws IOException {
        try (var client = RawSocket.upgraded(server, "/")) {
            // when
            client.sends(ClientFrame.text("hello"), ClientFrame.text(NO_UTF8));

            // then
            assertThat(client.reads(7)).isEqualTo(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'});
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1007);
        }
    }

    @Test
    void aMessageMayBeAsLargeAsTheLimitAndInFragments() throws IOException {
        try (var client = RawSocket.upgraded(server, "/")) {
            // when
            client.sends(
                    ClientFrame.text("").notFinal(),
                    ClientFrame.continuation(Arrays.copyOf(EURO, 1)).notFinal(),
                    ClientFrame.ping(new byte[] {7}),
                    ClientFrame.continuation(Arrays.copyOfRange(EURO, 1, 3)).notFinal(),
                    ClientFrame.continuation(new byte[LIMIT - 3]));

            // then
            assertThat(client.reads(3)).isEqualTo(new byte[] {(byte) 0x8A, 1, 7});
            byte[] header = ByteBuffer.allocate(10)
                    .put((byte) 0x81)
                    .put((byte) 127)
                    .putLong(LIMIT)
                    .array();
            assertThat(client.reads(10)).isEqualTo(header);
            assertThat(client.reads(LIMIT)).isEqualTo(Arrays.copyOf(EURO, LIMIT));
        }
    }

    @Test
    void aFloodOfPingsWithoutReadingCostsNoMemory() throws IOException {
        try (var client = RawSocket.upgraded(server, "/")) {
            // given
            ClientFrame[] pings = new ClientFrame[1000];
            Arrays.fill(pings, ClientFrame.ping(new byte[125]));
            int rounds = 200;

            // when
            for (int i = 0; i < rounds; i++) {
                client.sends(pings);
            }
            client.sends(ClientFrame.ping("last".getBytes(StandardCharsets.US_ASCII)));

            // then: most pings were never answered, but the latest is
            String answers = client.readsUntil("last");
            assertThat(answers.length()).isLessThan(rounds * pings.length * 125 / 2);
            client.sends(ClientFrame.close(1000));
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1000);
        }
    }

    @Test
    void aClientThatClosesIsAnsweredOnce() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // when
            client.sends(ClientFrame.close(1000));

            // then
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1000);
        }
    }

    @Test
    void anAnswerToTheServersCloseIsNotAnswered() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // given
            client.sends(ClientFrame.text("rubbish"));
            byte[] close = client.reads(2 + 2 + "bad request".length());

            // when
            client.sends(ClientFrame.close(3501));

            // then
            assertThatOneCloseIsIn(close, 3501);
            assertThat(client.readsToTheEnd()).isEmpty();
        }
    }

    @Test
    void aViolationAfterTheServersCloseGetsNoSecondOne() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // when
            client.sends(ClientFrame.text("rubbish"));
            byte[] close = client.reads(2 + 2 + "bad request".length());
            client.sends(ClientFrame.text(NO_UTF8));

            // then
            assertThatOneCloseIsIn(close, 3501);
            assertThat(client.readsToTheEnd()).isEmpty();
        }
    }

    @Test
    void aClientThatVanishesInTheMiddleOfAMessageIsNoError() throws IOException {
        // given
        var log = new Listener();
        Logger.getLogger("").addHandler(log);
        try {
            for (int i = 0; i < 5; i++) {
                RawSocket quiet = RawSocket.upgraded(server);
                RawSocket abrupt = RawSocket.upgraded(server);
                await().untilAsserted(() -> assertThat(sessions.connections()).isEqualTo(2));
                quiet.sends(ClientFrame.text("half a mess").notFinal());
                abrupt.sends(ClientFrame.text("half a mess").notFinal());

                // when
                quiet.close();
                abrupt.breaksOff();

                // then
                await().untilAsserted(() -> assertThat(sessions.connections()).isZero());
            }
            assertThat(log.records).isEmpty();
        } finally {
            Logger.getLogger("").removeHandler(log);
        }
    }

    @Test
    void aClientThatIsGoneBeforeItsSocketOpensIsNoError() throws IOException {
        // given
        var log = new Listener();
        Logger.getLogger("").addHandler(log);
        try {
            // when
            for (int i = 0; i < HASTY; i++) {
                RawSocket hasty = RawSocket.to(server);
                hasty.requests("/connection/websocket", "HTTP/1.1", "Sec-WebSocket-Version: 13");
                if (i % 2 == 0) {
                    hasty.reads(1);
                }
                hasty.breaksOff();
            }
            try (var last = RawSocket.upgraded(server)) {
                last.sends(ClientFrame.close(1000));
                last.readsToTheEnd();
            }

            // then
            await().untilAsserted(() -> {
                assertThat(admission.sockets()).isZero();
                assertThat(sessions.connections()).isZero();
            });
            assertThat(log.records).isEmpty();
        } finally {
            Logger.getLogger("").removeHandler(log);
        }
    }

    @Test
    void noCompressionIsAgreedOn() throws IOException {
        try (var client = RawSocket.to(server)) {
            assertThat(
                            client.asks(
                                    "/connection/websocket",
                                    "HTTP/1.1",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("extensions");
        }
    }

    @Test
    void otherVersionsOfTheProtocolAreRefusedAndTheConnectionGoesOn() throws IOException {
        try (var client = RawSocket.to(server)) {
            // when
            List<String> answers = List.of(
                    client.asks("/connection/websocket", "HTTP/1.1", "Sec-WebSocket-Version: 8"),
                    client.asks("/connection/websocket", "HTTP/1.1", "X: no version"));
            String then = client.asks("/connection/websocket", "HTTP/1.1", "Sec-WebSocket-Version: 13");

            // then
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.toLowerCase(Locale.ROOT))
                            .startsWith("http/1.1 426 ")
                            .contains("sec-websocket-version: 13"));
            assertThat(then).startsWith("HTTP/1.1 101 ");
            client.sends(ClientFrame.text("x").reserved(4));
            assertThatOneCloseIsIn(client.readsToTheEnd(), 1002);
        }
    }

    @Test
    void thereIsNoUpgradeInHttp2() throws IOException, InterruptedException {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // when
            HttpResponse<Void> answer = client.send(
                    HttpRequest.newBuilder(server.resolve("/connection/websocket"))
                            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                            .header("Sec-WebSocket-Version", "13")
                            .build(),
                    HttpResponse.BodyHandlers.discarding());

            // then
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(505);
        }
    }

    /** One frame, a Close with this code, and nothing else. */
    private static void assertThatOneCloseIsIn(byte[] bytes, int code) {
        assertThat(bytes).hasSizeGreaterThanOrEqualTo(4);
        assertThat(bytes[0]).isEqualTo((byte) 0x88);
        assertThat(bytes).hasSize(2 + bytes[1]);
        assertThat(ByteBuffer.wrap(bytes, 2, 2).getShort()).isEqualTo((short) code);
    }

    private double counted(int code) {
        return meters.counter("lightline.websocket.violations", "code", "" + code)
                .count();
    }

    /** Keeps what somebody would be woken up for. */
    private static final class Listener extends Handler {

        private final Queue<String> records = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(entry.getLoggerName() + ": " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
