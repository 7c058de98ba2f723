package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.LocalStack;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rules and dashboards are about metrics that the running services have, and so are the made-up series that rules are tested on. */
@ExtendWith(RunningStack.class)
class MonitoredMetricsIT {

    /**
     * What it takes a fault to see. The publisher's MetricsDocIT sees the first two in a running publisher, and its BridgeTest has the
     * quarrels of the others.
     */
    private static final Set<String> RARE = Set.of(
            "lightline_salesforce_reconnects_total",
            "lightline_publisher_orgs_readings_total",
            "lightline_publisher_refused_total",
            "lightline_publisher_duplicates_total");

    /** Counters whose labels get a value when it happens for the first time. */
    private static final Set<String> VALUES_COME_LATER = Set.of(
            "lightline_api_commands_total",
            "lightline_publisher_published_total",
            "lightline_publisher_way_back_total");

    /** Given by the Prometheus that scrapes. */
    private static final Set<String> TARGETS = Set.of("namespace", "job", "instance");

    /** Nor is what an installation has names for. */
    private static final Set<String> NOT_COMPARED = Set.of("namespace", "job", "instance", "org", "topic");

    private static final Set<String> BEGIN_WITH_THEIR_USE = Set.of(
            "lightline_commands_total",
            "lightline_api_commands_total",
            "lightline_publisher_published_total",
            "lightline_publisher_way_back_total");

    private List<PromQl.Series> present = List.of();

    @BeforeEach
    void useEverythingOnce(LocalStack stack) {
        String channel = RunningStack.newChannel();
        try (var client = RelayClient.connect(stack.relay(0).webSocketUri())) {
            client.subscribe(channel);
            new BackEnd(stack.relay(0)).publish(channel, Json.object().put("number", 1));
            client.publish(SalesforceOrg.ORDERS, Json.object().put("OrderNumber__c", "1001"));
        }
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            present = everything(stack);
            assertThat(present).extracting(PromQl.Series::name).containsAll(BEGIN_WITH_THEIR_USE);
        });
    }

    private static List<PromQl.Series> everything(LocalStack stack) {
        return Stream.of(
                        stack.relay(0).managementUri("/q/metrics"),
                        stack.publisher().readinessUri().resolve("/q/metrics"))
                .flatMap(MonitoredMetricsIT::scrape)
                .toList();
    }

    private static Stream<PromQl.Series> scrape(URI metrics) {
        return Http.get(metrics)
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> PromQl.series(line.substring(0, line.lastIndexOf(' '))));
    }

    @Test
    void everyMetricOfARuleOrADashboardIsThere() {
        // when
        Set<String> wanted = Monitoring.metrics();

        // then
        assertThat(wanted).hasSizeGreaterThan(50);
        assertThat(present.stream().map(PromQl.Series::name).distinct())
                .containsAll(
                        wanted.stream().filter(metric -> !RARE.contains(metric)).toList());
    }

    @Test
    void theMadeUpSeriesAreLikeRealOnes() {
        // when
        Set<PromQl.Series> madeUp = Monitoring.tests().stream()
                .flatMap(test -> Monitoring.elements(test.path("input_series")))
                .map(input -> PromQl.series(input.path("series").asText()))
                .filter(series -> !series.name().equals("up") && !RARE.contains(series.name()))
                .collect(Collectors.toSet());

        // then
        assertThat(madeUp)
                .hasSizeGreaterThan(50)
                .allSatisfy(series -> assertThat(present).as("%s", series).anySatisfy(real -> {
                    assertThat(real.name()).isEqualTo(series.name());
                    assertThat(real.labels().keySet())
                            .isEqualTo(without(series, TARGETS).keySet());
                    if (!VALUES_COME_LATER.contains(series.name())) {
                        assertThat(real.labels()).containsAllEntriesOf(without(series, NOT_COMPARED));
                    }
                }));
    }

    private static Map<String, String> without(PromQl.Series series, Set<String> labels) {
        var rest = new TreeMap<>(series.labels());
        rest.keySet().removeAll(labels);
        return rest;
    }
}
