package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboards in {@code helm/lightline/files/dashboards}. */
class DashboardsTest {

    private static final int COLUMNS = 24;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Set<String> GRAFANAS_OWN = Set.of("__rate_interval", "__range");

    @TempDir
    private Path folder;

    @Test
    void eachHasAnIdOfItsOwnAndATitle() {
        // when
        Map<String, JsonNode> dashboards = Monitoring.dashboards();

        // then
        assertThat(dashboards).hasSizeGreaterThanOrEqualTo(2).allSatisfy((file, dashboard) -> {
            assertThat(file).isEqualTo(dashboard.path("uid").asText() + ".json");
            assertThat(dashboard.path("title").asText()).startsWith("Lightline / ");
            assertThat(dashboard.has("id"))
                    .as("an id of some Grafana's database")
                    .isFalse();
        });
    }

    @Test
    void eachAsksTheDataSourceThatIsChosen() {
        assertThat(Monitoring.dashboards()).allSatisfy((_, dashboard) -> {
            JsonNode first = Monitoring.variables(dashboard).findFirst().orElseThrow();
            assertThat(first.path("name").asText()).isEqualTo("datasource");
            assertThat(first.path("type").asText()).isEqualTo("datasource");
            Stream<JsonNode> askers = Stream.of(
                            panels(dashboard).stream(),
                            Monitoring.targets(dashboard),
                            Monitoring.variables(dashboard).skip(1))
                    .flatMap(all -> all);
            assertThat(askers.map(asker -> asker.path("datasource"))).allSatisfy(source -> {
                assertThat(source.path("type").asText()).isEqualTo("prometheus");
                assertThat(source.path("uid").asText()).isEqualTo("${datasource}");
            });
        });
    }

    @Test
    void eachVariableThatAnExpressionUsesIsThere() {
        assertThat(Monitoring.dashboards()).allSatisfy((_, dashboard) -> {
            Set<String> known = Stream.concat(
                            Monitoring.variables(dashboard)
                                    .map(variable -> variable.path("name").asText()),
                            GRAFANAS_OWN.stream())
                    .collect(Collectors.toSet());
            Stream<String> texts = Stream.concat(
                    Monitoring.targets(dashboard)
                            .map(target -> target.path("expr").asText()),
                    Monitoring.variables(dashboard)
                            .map(variable ->
                                    variable.path("query").path("query").asText()));
            assertThat(texts.flatMap(text -> VARIABLE.matcher(text).results().map(used -> used.group(1))))
                    .isSubsetOf(known);
        });
    }

    @Test
    void eachPanelSaysWhatItShowsAndInWhichUnit() {
        assertThat(Monitoring.dashboards())
                .allSatisfy((_, dashboard) -> assertThat(panels(dashboard))
                        .hasSizeGreaterThan(10)
                        .allSatisfy(panel -> {
                            String title = panel.path("title").asText();
                            assertThat(title).isNotEmpty();
                            assertThat(panel.path("description").asText())
                                    .as(title)
                                    .endsWith(".");
                            assertThat(panel.path("fieldConfig")
                                            .path("defaults")
                                            .path("unit")
                                            .asText())
                                    .as(title)
                                    .isNotEmpty();
                            assertThat(Monitoring.elements(panel.path("targets"))
                                            .map(target -> target.path("refId").asText()))
                                    .as(title)
                                    .isNotEmpty()
                                    .doesNotHaveDuplicates();
                        }));
    }

    @Test
    void noTwoPanelsHaveOneIdOrOnePlace() {
        assertThat(Monitoring.dashboards()).allSatisfy((_, dashboard) -> {
            var taken = new HashSet<List<Integer>>();
            assertThat(Monitoring.elements(dashboard.path("panels"))
                            .map(panel -> panel.path("id").asInt()))
                    .doesNotHaveDuplicates();
            assertThat(Monitoring.elements(dashboard.path("panels")).map(panel -> panel.path("gridPos")))
                    .allSatisfy(place -> {
                        int left = place.path("x").asInt();
                        int top = place.path("y").asInt();
                        int right = left + place.path("w").asInt();
                        assertThat(right).isLessThanOrEqualTo(COLUMNS);
                        for (int x = left; x < right; x++) {
                            for (int y = top; y < top + place.path("h").asInt(); y++) {
                                assertThat(taken.add(List.of(x, y))).isTrue();
                            }
                        }
                    });
        });
    }

    @Test
    void prometheusUnderstandsEachExpression() throws IOException {
        // given
        var promtool = InstalledProgram.require("promtool");
        var rules = Json.array();
        Monitoring.dashboards()
                .values()
                .forEach(dashboard -> Monitoring.targets(dashboard)
                        .map(target -> target.path("expr").asText())
                        .map(expression ->
                                expression.replace("$__rate_interval", "5m").replace("$__range", "1h"))
                        .forEach(expression -> rules.add(Json.object()
                                .put("record", "panel:" + rules.size())
                                .put("expr", expression))));
        var groups = Json.array().add(Json.object().put("name", "panels").set("rules", rules));
        // Prometheus reads YAML, which JSON is.
        Path file = Files.writeString(
                folder.resolve("panels.yaml"),
                Json.object().set("groups", groups).toString());

        // when
        var outcome = promtool.run("check", "rules", file.toString());

        // then
        assertThat(outcome).as(outcome.output()).returns(0, InstalledProgram.Outcome::exitCode);
        assertThat(rules.size()).isGreaterThan(50);
    }

    private static List<JsonNode> panels(JsonNode dashboard) {
        return Monitoring.elements(dashboard.path("panels"))
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }
}
