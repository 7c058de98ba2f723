package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise 4: who reads too slowly harms nobody else, and loses nothing that it can have. */
class SlowClientIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String CHANNEL = "chat:slow";
    private static final int AUDIENCE = 195;
    private static final int STALLED = 5;
    private static final int SLOW = 3008;

    private static final int KIBI = 1024;
    private static final int MESSAGE = 16 * KIBI;
    private static final int MAX_PENDING = 192 * KIBI;

    /** Messages under way at once: few enough that nobody who reads is ever slow. */
    private static final int WINDOW = 8;

    private static final int PUBLICATIONS = 400;

    @Test
    void clientsThatStopReadingAreClosedAndRecoverWhileAllOthersGetEverything() {
        // given
        try (var relay = LoneRelay.start("slow", settings());
                var speaker = RelayClient.connect(relay.webSocketUri())) {
            List<RelayClient> audience = Stream.generate(() -> RelayClient.connect(relay.webSocketUri()))
                    .limit(AUDIENCE)
                    .toList();
            List<Subscription> heard =
                    audience.stream().map(client -> client.subscribe(CHANNEL)).toList();
            List<StalledClient> stalled = Stream.generate(() -> StalledClient.subscribe(relay))
                    .limit(STALLED)
                    .toList();
            var metrics = new Metrics(relay.managementUri("/q/metrics"));
            long before = metrics.directBytes();

            // when
            var memory = new ArrayList<Long>();
            for (int first = 0; first < PUBLICATIONS; first += WINDOW) {
                int published = first + WINDOW;
                publish(speaker, first, published);
                awaitAll(heard, published);
                memory.add(metrics.directBytes());
            }

            // then: they are gone, and nobody else
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(metrics.closes(SLOW)).isEqualTo(STALLED));
            assertThat(heard).allSatisfy(SlowClientIT::hasEverything);
            assertThat(audience).noneMatch(client -> client.closed().isDone());

            // and: what waits for them was bounded, and far less than what was published
            long bound = STALLED * (long) (MAX_PENDING + MESSAGE) + bytesUnderWay();
            assertThat(memory).allSatisfy(used -> assertThat(used - before).isLessThan(bound));
            assertThat(bound).isLessThan((long) PUBLICATIONS * MESSAGE);

            // and: they come back
            for (StalledClient client : stalled) {
                Subscription readLate = client.readWhatIsLeft();
                try (var back = RelayClient.connect(relay.webSocketUri())) {
                    Subscription recovered = back.recover(CHANNEL, readLate.position());
                    assertThat(Stream.concat(numbers(readLate), numbers(recovered))
                                    .toList())
                            .isEqualTo(everything());
                    recovered.hasNoSilentGap();
                }
                client.close();
            }
            audience.forEach(RelayClient::close);
        }
    }

    private static Map<String, String> settings() {
        String chat = "lightline.tenants.demo.namespaces.chat.";
        return Map.of(
                chat + "publish",
                "anybody",
                chat + "history-size",
                "" + PUBLICATIONS,
                chat + "history-ttl",
                "10m",
                "lightline.hub.recovery-bytes",
                "" + 2L * PUBLICATIONS * MESSAGE,
                "lightline.session.max-pending",
                "" + MAX_PENDING);
    }

    /** Frames that are shared by all who read, what Netty keeps for the next ones, and the bytes of one scrape. */
    private static long bytesUnderWay() {
        return 2L * WINDOW * MESSAGE + 512 * KIBI;
    }

    private static void publish(RelayClient speaker, int from, int to) {
        CompletableFuture<?>[] acknowledged = IntStream.range(from, to)
                .mapToObj(number -> speaker.publishAsync(CHANNEL, message(number)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(acknowledged).join();
    }

    private static JsonNode message(int number) {
        return Json.object().put("number", number).put("text", "x".repeat(MESSAGE));
    }

    private static void awaitAll(List<Subscription> heard, int published) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> heard.stream()
                        .allMatch(subscription -> subscription.position().offset() == published));
    }

    private static void hasEverything(Subscription subscription) {
        assertThat(numbers(subscription).toList()).isEqualTo(everything());
        subscription.hasNoSilentGap();
    }

    private static List<Integer> everything() {
        return IntStream.range(0, PUBLICATIONS).boxed().toList();
    }

    private static Stream<Integer> numbers(Subscription subscription) {
        return subscription.data().stream().map(data -> data.path("number").asInt());
    }

    /** A client that subscribes and then reads nothing for a long time. */
    private record StalledClient(RawSocket socket, Subscription subscription) implements AutoCloseable {

        static StalledClient subscribe(LoneRelay relay) {
            RawSocket socket = RawSocket.openNarrow(relay.webSocketUri(), 4 * KIBI);
            socket.ask("connect", Json.object());
            var subscription = new Subscription(CHANNEL, new Position("", 0));
            subscription.began(socket.ask("subscribe", Json.object().put("channel", CHANNEL)));
            return new StalledClient(socket, subscription);
        }

        /** What the system had taken for it before the relay closed the socket. */
        Subscription readWhatIsLeft() {
            try {
                while (true) {
                    JsonNode publication = socket.read().path("push").path("pub");
                    if (!publication.isMissingNode()) {
                        subscription.published(publication);
                    }
                }
            } catch (UncheckedIOException ended) {
                return subscription;
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
