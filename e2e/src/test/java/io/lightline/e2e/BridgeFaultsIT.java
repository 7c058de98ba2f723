package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Promise 3: whatever breaks between Salesforce and Redis, however many publishers run, each event is published once and in the
 * org's order. Faults strike at random while the org is busy; in the end the backplane's log has to be the org's. A run is
 * repeated with {@code -Dlightline.faults.seed=…}, and made longer with {@code -Dlightline.faults=100}; the default strikes with
 * each kind of fault once.
 */
class BridgeFaultsIT {

    private static final int MOST_BETWEEN = 60;

    private final long seed = Long.getLong("lightline.faults.seed", System.nanoTime());
    private final Map<BridgeFault, Integer> struck = new EnumMap<>(BridgeFault.class);

    @Test
    void theBackplanesLogIsTheOrgsWhateverBreaks() {
        // given
        List<BridgeFault> faults = faults(Integer.getInteger("lightline.faults", BridgeFault.values().length));
        System.out.printf("Faults: seed=%d faults=%s%n", seed, faults);
        try (var stage = BridgeStage.start("bridge-faults");
                var client = RelayClient.connect(stage.webSocketUri())) {
            List<Subscription> live =
                    BridgeStage.TOPICS.stream().map(client::subscribe).toList();

            // when
            int made = strike(stage, faults);
            stage.heal();

            // then
            live.forEach(subscription -> isWhatTheOrgPublished(stage, subscription));
            System.out.printf("Faults: seed=%d events=%d struck=%s%n", seed, made, struck);
        }
    }

    private void isWhatTheOrgPublished(BridgeStage stage, Subscription live) {
        String topic = live.channel();
        List<String> expected = replayIds(stage.org().eventsOf(topic));
        await().atMost(BridgeStage.LIMIT)
                .untilAsserted(() -> assertThat(stage.top(topic)).isGreaterThanOrEqualTo(expected.size()));
        assertThat(stage.log(topic))
                .as("%s, seed %d", topic, seed)
                .extracting(BridgeFaultsIT::replayId)
                .isEqualTo(expected);
        await().atMost(BridgeStage.LIMIT)
                .untilAsserted(() -> assertThat(live.data())
                        .as("%s live, seed %d", topic, seed)
                        .extracting(BridgeFaultsIT::replayId)
                        .isEqualTo(expected));
        live.hasNoSilentGap();
        System.out.printf("Faults: topic=%s events=%d, once and in order%n", topic, expected.size());
    }

    private int strike(BridgeStage stage, List<BridgeFault> faults) {
        var random = new Random(seed);
        try (var source = BusyOrg.start(stage.org())) {
            var run = new BridgeRun(stage, source, random);
            for (BridgeFault fault : faults) {
                run.letPass(random.nextInt(MOST_BETWEEN));
                fault.strike(run);
                struck.merge(fault, 1, Integer::sum);
            }
            run.letPass(MOST_BETWEEN);
            return source.made();
        }
    }

    /** Each kind as often as every other, in an order that only the seed knows. */
    private List<BridgeFault> faults(int count) {
        var faults = new ArrayList<BridgeFault>();
        while (faults.size() < count) {
            faults.addAll(List.of(BridgeFault.values()));
        }
        Collections.shuffle(faults, new Random(seed));
        return faults.subList(0, count);
    }

    private static List<String> replayIds(List<JsonNode> events) {
        return events.stream().map(event -> event.path("replayId").asText()).toList();
    }

    private static String replayId(JsonNode data) {
        return data.at("/event/replayId").asText();
    }
}
