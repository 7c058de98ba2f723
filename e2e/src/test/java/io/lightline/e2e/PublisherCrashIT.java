package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublisherCrashIT {

    private static final int EVENTS = 300;

    @Test
    void everyEventArrivesOnceAndInOrderAlthoughThePublisherIsKilledInMidStream() throws Exception {
        // given
        try (var stack = RunningStack.alone("publisher-crash");
                var client = RelayClient.connect(stack.relay(0).webSocketUri())) {
            var org = new SalesforceOrg(stack.simulator());
            var subscription = client.subscribe(SalesforceOrg.ORDERS);

            // when
            var salesforce = Thread.ofVirtual()
                    .start(() -> IntStream.range(0, EVENTS)
                            .forEach(i -> org.publishOrder(Json.object().put("OrderNumber__c", "" + i))));
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> subscription.data().size() >= EVENTS / 3);
            stack.publisher().kill();
            salesforce.join();
            int beforeTheRestart = subscription.data().size();
            stack.publisher().start();
            stack.publisher().awaitReady();

            // then
            assertThat(beforeTheRestart)
                    .as("events while the publisher was there")
                    .isLessThan(EVENTS);
            List<String> sent = org.eventsOf(SalesforceOrg.ORDERS).stream()
                    .map(event -> event.path("replayId").asText())
                    .toList();
            assertThat(sent).hasSize(EVENTS);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(subscription.data())
                            .extracting(PublisherCrashIT::replayId)
                            .isEqualTo(sent));
            subscription.hasNoSilentGap();
        }
    }

    private static String replayId(JsonNode event) {
        return event.path("event").path("replayId").asText();
    }
}
