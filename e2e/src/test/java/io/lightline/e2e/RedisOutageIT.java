package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.localstack.LocalStack;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisOutageIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String channel = RunningStack.newChannel();

    @Test
    void killedAndRestartedInMidStreamItTakesNothingFromAClientThatIsNotToldOfIt() throws Exception {
        // given
        try (var stack = RunningStack.alone("redis-outage");
                var alice = RelayClient.connect(stack.relay(0).webSocketUri());
                var bob = RelayClient.connect(stack.relay(1).webSocketUri());
                var stream = MessageStream.start(new BackEnd(stack.relay(0)), channel)) {
            List<Subscription> subscriptions = List.of(alice.subscribe(channel), bob.subscribe(channel));
            await().atMost(LIMIT).until(() -> stream.acknowledged().size() >= 100);

            // when
            stack.redis().kill();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(readiness(stack)).containsOnly(503));
            stack.redis().restart();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(readiness(stack)).containsOnly(200));
            int before = stream.acknowledged().size();
            await().atMost(LIMIT).until(() -> stream.acknowledged().size() >= before + 100);
            stream.stop();

            // then
            List<Position> acknowledged = stream.acknowledged();
            for (Subscription subscription : subscriptions) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(subscription.position()).isEqualTo(acknowledged.getLast()));
                subscription.hasNoSilentGap();
                if (!subscription.wasToldOfALoss()) {
                    assertThat(positions(subscription)).containsAll(since(subscription, acknowledged));
                }
            }
        }
    }

    @Test
    void salesforceEventsGoOnWhenRedisIsBack() {
        // given
        try (var stack = RunningStack.alone("redis-outage-events");
                var client = RelayClient.connect(stack.relay(1).webSocketUri())) {
            var org = new SalesforceOrg(stack.simulator());
            var subscription = client.subscribe(SalesforceOrg.ORDERS);
            publishOrders(org, 0, 20);
            await().atMost(LIMIT).until(() -> subscription.data().size() == 20);

            // when
            stack.redis().kill();
            publishOrders(org, 20, 40);
            stack.redis().restart();
            await().atMost(LIMIT).until(subscription::wasToldOfALoss);
            publishOrders(org, 40, 60);

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(subscription
                                    .data()
                                    .getLast()
                                    .at("/payload/OrderNumber__c")
                                    .asText())
                            .isEqualTo("59"));
            subscription.hasNoSilentGap();
            assertThat(numbers(subscription.data())).doesNotHaveDuplicates().isSorted();
            assertThat(subscription.stretches())
                    .allSatisfy(stretch -> assertThat(numbers(stretch))
                            .containsExactlyElementsOf(IntStream.range(0, stretch.size())
                                    .map(i -> numbers(stretch).getFirst() + i)
                                    .boxed()
                                    .toList()));
        }
    }

    private static List<Integer> numbers(List<JsonNode> events) {
        return events.stream()
                .map(event ->
                        Integer.parseInt(event.at("/payload/OrderNumber__c").asText()))
                .toList();
    }

    private static List<Integer> readiness(LocalStack stack) {
        return stack.relays().stream().map(relay -> relay.process().readiness()).toList();
    }

    private static void publishOrders(SalesforceOrg org, int from, int to) {
        for (int i = from; i < to; i++) {
            org.publishOrder(Json.object().put("OrderNumber__c", "" + i));
        }
    }

    private static List<Position> positions(Subscription subscription) {
        return subscription.publications().stream()
                .map(Heard.Publication::position)
                .toList();
    }

    private static List<Position> since(Subscription subscription, List<Position> acknowledged) {
        long first = positions(subscription).getFirst().offset();
        return acknowledged.stream()
                .filter(position -> position.offset() >= first)
                .toList();
    }
}
