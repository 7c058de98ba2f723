package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.e2e.Collector.Seen;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The last test stops what the others need. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TracesAndLogsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CHAT = "chat:room";

    private static Collector collector;
    private static ObservedStack stack;

    @BeforeAll
    static void start() {
        collector = Collector.start();
        stack = ObservedStack.start(collector.uri());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
        collector.close();
    }

    @Test
    @Order(1)
    void oneTraceLeadsFromSalesforceThroughThePublisherToBothRelays() {
        // given
        try (var alice = RelayClient.connect(stack.relay(0).webSocketUri());
                var bob = RelayClient.connect(stack.relay(0).webSocketUri());
                var carol = RelayClient.connect(stack.relay(1).webSocketUri())) {
            List<Subscription> subscriptions = Stream.of(alice, bob, carol)
                    .map(client -> client.subscribe(SalesforceOrg.ORDERS))
                    .toList();

            // when
            stack.org().publishOrder(Json.object().put("OrderNumber__c", "1001"));
            subscriptions.forEach(
                    each -> await().atMost(LIMIT).until(() -> each.data().size() == 1));

            // then
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(collector.spans("fan-out")).hasSize(2);
                assertThat(collector.spans("receive")).hasSize(1);
            });
            JsonNode event = subscriptions.getFirst().data().getFirst().path("event");
            Seen receive = collector.spans("receive").getFirst();
            Seen publish = collector.spans("publish").getFirst();
            assertThat(receive.parent()).isEmpty();
            assertThat(receive.attributes())
                    .containsEntry("messaging.destination.name", SalesforceOrg.ORDERS)
                    .containsEntry(
                            "messaging.message.id", event.path("EventUuid").asText())
                    .containsEntry("lightline.org", "demo");
            assertThat(publish.parent()).isEqualTo(receive.id());
            assertThat(publish.attributes()).containsEntry("lightline.outcome", "published");
            assertThat(collector.spans("decode"))
                    .singleElement()
                    .extracting(Seen::parent)
                    .isEqualTo(receive.id());
            assertThat(collector.spans("fan-out"))
                    .allSatisfy(fanout -> assertThat(fanout.parent()).isEqualTo(publish.id()))
                    .allSatisfy(fanout -> assertThat(fanout.attributes())
                            .containsEntry("messaging.destination.name", SalesforceOrg.ORDERS)
                            .containsEntry("lightline.tenant", "demo"))
                    .extracting(
                            fanout -> fanout.node() + " " + fanout.attributes().get("lightline.subscribers") + " "
                                    + fanout.attributes().get("lightline.delivered"))
                    .containsExactlyInAnyOrder("lightline-relay/relay-1 2 2", "lightline-relay/relay-2 1 1");
            assertThat(collector.spans()).extracting(Seen::trace).containsOnly(receive.trace());
            assertThat(collector.spans())
                    .allSatisfy(span -> assertThat(span.endsAfterItBegins()).isTrue());
        }
    }

    @Test
    @Order(2)
    void theServerApiContinuesTheTraceOfABackEnd() {
        // given
        String trace = randomHex(16);
        String caller = randomHex(8);
        try (var alice = RelayClient.connect(stack.relay(1).webSocketUri())) {
            Subscription subscription = alice.subscribe(CHAT);

            // when
            publish("00-" + trace + "-" + caller + "-01");
            publish("00-" + randomHex(16) + "-" + caller + "-00");

            // then
            await().atMost(LIMIT).until(() -> subscription.data().size() == 2);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(spansOf(trace)).hasSize(2));
            Seen request = spansOf(trace).stream()
                    .filter(span -> !span.name().equals("fan-out"))
                    .findFirst()
                    .orElseThrow();
            Seen fanout = spansOf(trace).stream()
                    .filter(span -> span.name().equals("fan-out"))
                    .findFirst()
                    .orElseThrow();
            assertThat(request.parent()).isEqualTo(caller);
            assertThat(request.node()).isEqualTo("lightline-relay/relay-1");
            assertThat(fanout.parent()).isEqualTo(request.id());
            assertThat(fanout.node()).isEqualTo("lightline-relay/relay-2");
        }
    }

    @Test
    @Order(3)
    void nothingElseIsTraced() {
        assertThat(collector.spans())
                .extracting(Seen::name)
                .containsOnly("receive", "decode", "publish", "fan-out", "POST /api/publish");
    }

    @Test
    @Order(4)
    void everyLineOfTheLogsIsJsonWithFieldsAndWithoutSecrets() {
        // given
        String trace = randomHex(16);
        try (var alice = RelayClient.connect(stack.relay(0).webSocketUri())) {
            alice.subscribe(CHAT);
            stack.redis().kill();

            // when
            await().atMost(LIMIT).until(() -> publish("00-" + trace + "-" + randomHex(8) + "-01") == 503);
            stack.relay(0).stop();
        }

        // then
        await().untilAsserted(() -> assertThat(events("relay-1")).contains("Drained"));
        List<JsonNode> relay = log("relay-1");
        List<JsonNode> publisher = log("publisher");
        assertThat(Stream.of(relay, publisher).flatMap(List::stream)).allSatisfy(line -> {
            assertThat(line.isObject()).isTrue();
            assertThat(line.propertyStream().map(Map.Entry::getKey))
                    .contains("timestamp", "level", "loggerName", "message", "threadName", "service");
        });
        assertThat(find(relay, "Draining").path("service").asText()).isEqualTo("lightline-relay");
        assertThat(find(relay, "Draining").path("message").asText()).isEqualTo("Draining connections=1 window=PT1S");
        assertThat(find(relay, "Draining").path("fields").path("connections").asText())
                .isEqualTo("1");
        assertThat(find(publisher, "Topic is read here")
                        .path("fields")
                        .path("topic")
                        .asText())
                .isEqualTo("demo:" + SalesforceOrg.ORDERS);
        assertThat(find(relay, "Backplane unavailable to the server API")
                        .path("fields")
                        .path("traceId")
                        .asText())
                .isEqualTo(trace);
        assertThat(Stream.of("relay-1", "relay-2", "publisher").flatMap(service -> stack.lines(service).stream()))
                .noneMatch(line -> stack.secrets().stream().anyMatch(line::contains));
    }

    private static int publish(String traceparent) {
        var body = Json.object().put("channel", CHAT).put("data", 1);
        return Http.send(
                        "POST",
                        stack.relay(0).publishUri(),
                        List.of("X-API-Key", stack.apiKey(), "traceparent", traceparent),
                        body)
                .statusCode();
    }

    private static List<Seen> spansOf(String trace) {
        return collector.spans().stream()
                .filter(span -> span.trace().equals(trace))
                .toList();
    }

    private static List<JsonNode> log(String service) {
        return stack.lines(service).stream().map(Json::parse).toList();
    }

    private static List<String> events(String service) {
        return log(service).stream().map(TracesAndLogsIT::event).toList();
    }

    private static String event(JsonNode line) {
        return line.path("fields").path("event").asText();
    }

    private static JsonNode find(List<JsonNode> log, String event) {
        return log.stream()
                .filter(line -> event(line).equals(event))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + event + " in " + log));
    }

    private static String randomHex(int bytes) {
        var random = new byte[bytes];
        new Random().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
