package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What operators get to watch Lightline with: alert rules with their tests, and dashboards, as they are in the chart. */
final class Monitoring {

    static final Path RULES = Path.of("..", "helm/lightline/files/rules/lightline.rules.yaml");
    static final Path RULE_TESTS = Path.of("monitoring", "alerts.test.yaml");
    private static final Path DASHBOARDS = Path.of("..", "helm/lightline/files/dashboards");
    private static final ObjectMapper YAML = new YAMLMapper();

    /** Given by Prometheus itself. */
    private static final Set<String> NOT_OURS = Set.of("up");

    private Monitoring() {}

    /** All rules, by their name. */
    static Map<String, JsonNode> alerts() {
        return elements(read(YAML, RULES).path("groups"))
                .flatMap(group -> elements(group.path("rules")))
                .collect(Collectors.toMap(rule -> rule.path("alert").asText(), Function.identity()));
    }

    /** Those of promtool, in their order. */
    static List<JsonNode> tests() {
        return elements(read(YAML, RULE_TESTS).path("tests")).toList();
    }

    /** By their files' names. */
    static Map<String, JsonNode> dashboards() {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.collect(
                    Collectors.toMap(file -> file.getFileName().toString(), file -> read(new ObjectMapper(), file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The expressions of all panels. */
    static Stream<JsonNode> targets(JsonNode dashboard) {
        return elements(dashboard.path("panels")).flatMap(panel -> elements(panel.path("targets")));
    }

    static Stream<JsonNode> variables(JsonNode dashboard) {
        return elements(dashboard.path("templating").path("list"));
    }

    /** Each metric of ours that a rule, a panel or a variable names. */
    static Set<String> metrics() {
        Stream<String> expressions = Stream.concat(
                alerts().values().stream().map(rule -> rule.path("expr").asText()),
                dashboards().values().stream()
                        .flatMap(dashboard -> Stream.concat(
                                targets(dashboard)
                                        .map(target -> target.path("expr").asText()),
                                variables(dashboard).flatMap(Monitoring::metricOfVariable))));
        var metrics = new TreeSet<String>();
        expressions.map(PromQl::metrics).forEach(metrics::addAll);
        metrics.removeAll(NOT_OURS);
        return metrics;
    }

    /** Of {@code label_values(<series>, <label>)}. */
    private static Stream<String> metricOfVariable(JsonNode variable) {
        String query = variable.path("query").path("query").asText();
        return query.isEmpty()
                ? Stream.empty()
                : Stream.of(query.replaceFirst("^label_values\\(", "").replaceFirst(", \\w+\\)$", ""));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
