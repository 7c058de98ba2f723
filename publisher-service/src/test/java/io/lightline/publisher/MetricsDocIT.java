package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.RawJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/operations.md} lists the metrics that a running publisher has, with their labels. */
class MetricsDocIT {

    private static final String ORDERS = "/event/Order__e";
    private static final Pattern NAME = Pattern.compile("`([a-z_.]+)`");
    private static final Pattern SAMPLE = Pattern.compile("(lightline_[a-z_]+)(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    @TempDir
    private Path folder;

    private final Kit kit = new Kit(Map.of());

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void everyMetricIsListed() throws IOException {
        // given: those that begin with their first use
        var settings = new HashMap<>(kit.org().asOrg("demo", ORDERS));
        settings.put(
                "lightline.publisher.orgs-file", folder.resolve("nowhere.yaml").toString());
        settings.put("lightline.publisher.orgs.demo.publish-topics", ORDERS);
        PublisherProcess publisher = kit.publisher(settings);
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("A-1");
        await().atMost(Kit.LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ORDERS)).hasSize(1));
        await().atMost(Kit.LIMIT).ignoreExceptions().untilAsserted(() -> {
            kit.backplane()
                    .ask(new ChannelName(Kit.TENANT, ORDERS), RawJson.of("{\"publish\":{\"id\":\"e-1\",\"data\":[]}}"))
                    .await()
                    .atMost(Kit.LIMIT);
            assertThat(publisher.metrics()).contains("lightline_publisher_way_back_total{");
        });
        kit.org().endStreams("OK");
        await().atMost(Kit.LIMIT)
                .untilAsserted(
                        () -> assertThat(publisher.metrics()).contains("lightline_salesforce_reconnects_total{"));

        // when
        Map<String, Set<String>> listed = listed();

        // then: but for those that take a quarrel to happen
        var present = new TreeMap<>(present(publisher.metrics()));
        assertThat(listed).containsAllEntriesOf(present);
        assertThat(listed.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        union(present.keySet(), "lightline_publisher_refused", "lightline_publisher_duplicates"));
    }

    private static Set<String> union(Set<String> present, String... rare) {
        var all = new TreeSet<>(present);
        all.addAll(Arrays.asList(rare));
        return all;
    }

    /** As Prometheus spells them, without the endings of counters. */
    private static Map<String, Set<String>> present(String metrics) {
        return metrics.lines()
                .map(SAMPLE::matcher)
                .filter(line -> line.matches())
                .collect(Collectors.toMap(
                        line -> line.group(1).replaceFirst("_total$", ""),
                        line -> line.group(2) == null ? Set.<String>of() : names(LABEL, line.group(2)),
                        (one, _) -> one));
    }

    private static Map<String, Set<String>> listed() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "operations.md"));
        return text.substring(text.indexOf("## The publisher"), text.indexOf("## Metrics"))
                .lines()
                .filter(line -> line.startsWith("| `lightline."))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(
                        cells -> names(NAME, cells[1]).iterator().next().replace('.', '_'),
                        cells -> names(NAME, cells[2])));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
