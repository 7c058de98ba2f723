package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alert rules in {@code helm/lightline/files/rules}, their tests in {@code e2e/monitoring}, and their runbook. */
class AlertRulesTest {

    private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Path OPERATIONS = Path.of("..", "docs/operations.md");

    @Test
    void eachAlertFiresOnMadeUpSeriesAndIsSilentOnHealthyOnes() {
        // given
        var promtool = InstalledProgram.require("promtool");

        // when
        var outcome = promtool.run("test", "rules", Monitoring.RULE_TESTS.toString());

        // then
        assertThat(outcome).as(outcome.output()).returns(0, InstalledProgram.Outcome::exitCode);
    }

    @Test
    void eachAlertHasATestThatSeesItSilentAndFiring() {
        // when
        Map<String, JsonNode> tests = Monitoring.tests().stream()
                .skip(1)
                .collect(Collectors.toMap(test -> test.path("name").asText(), test -> test));

        // then
        assertThat(tests.keySet())
                .containsExactlyInAnyOrderElementsOf(Monitoring.alerts().keySet());
        assertThat(tests).allSatisfy((alert, test) -> {
            assertThat(expected(test)).hasSize(2);
            assertThat(expected(test).getFirst()).isEmpty();
            assertThat(expected(test).getLast())
                    .singleElement()
                    .asString()
                    .contains("alertname=\"" + alert + "\"", "alertstate=\"firing\"");
        });
    }

    @Test
    void everydayLifeHasEveryMetricThatARuleNames() {
        // given
        JsonNode everydayLife = Monitoring.tests().getFirst();

        // when
        Set<String> there = Monitoring.elements(everydayLife.path("input_series"))
                .map(input -> PromQl.series(input.path("series").asText()).name())
                .collect(Collectors.toSet());

        // then
        assertThat(expected(everydayLife))
                .hasSizeGreaterThan(5)
                .allSatisfy(firing -> assertThat(firing).isEmpty());
        assertThat(there)
                .containsAll(Monitoring.alerts().values().stream()
                        .map(rule -> PromQl.metrics(rule.path("expr").asText()))
                        .flatMap(Collection::stream)
                        .toList());
    }

    @Test
    void eachAlertSaysWhatItIsAboutAndLeadsToItsRunbook() throws IOException {
        // given
        Set<String> headings = Files.readAllLines(OPERATIONS).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .collect(Collectors.toCollection(TreeSet::new));

        // then
        assertThat(Monitoring.alerts()).allSatisfy((alert, rule) -> {
            JsonNode annotations = rule.path("annotations");
            assertThat(rule.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
            assertThat(annotations.path("summary").asText()).isNotEmpty().doesNotContain("{{");
            assertThat(annotations.path("description").asText()).endsWith(".");
            assertThat(annotations.path("runbook_url").asText())
                    .isEqualTo("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
            assertThat(headings).contains(alert);
        });
    }

    @Test
    void theRunbookHasNoAlertThatThereIsNot() throws IOException {
        // when
        List<String> headings = Files.readAllLines(OPERATIONS).stream()
                .filter(line -> line.startsWith("### Lightline"))
                .map(line -> line.substring(4))
                .toList();

        // then
        assertThat(headings)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(headings.stream()
                        .filter(Monitoring.alerts()::containsKey)
                        .toList());
    }

    @Test
    void descriptionsNameOnlyLabelsThatTheirAlertHas() {
        // given
        Map<String, Set<String>> labels = Monitoring.tests().stream()
                .skip(1)
                .collect(Collectors.toMap(
                        test -> test.path("name").asText(),
                        test -> PromQl.series(expected(test).getLast().getFirst())
                                .labels()
                                .keySet()));

        // then
        assertThat(Monitoring.alerts()).allSatisfy((alert, rule) -> {
            String description = rule.path("annotations").path("description").asText();
            assertThat(labels.get(alert))
                    .containsAll(LABEL.matcher(description)
                            .results()
                            .map(label -> label.group(1))
                            .toList());
        });
    }

    /** What fires at each of the moments that a test looks at. */
    private static List<List<String>> expected(JsonNode test) {
        return Monitoring.elements(test.path("promql_expr_test"))
                .map(moment -> Monitoring.elements(moment.path("exp_samples"))
                        .map(sample -> sample.path("labels").asText())
                        .toList())
                .toList();
    }
}
