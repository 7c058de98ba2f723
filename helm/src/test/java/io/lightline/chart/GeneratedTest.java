package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the repository although it is made of something else, is what would be made now. */
class GeneratedTest {

    private static final String BEGIN = "<!-- values -->\n";
    private static final String END = "<!-- /values -->";

    /** So that a review sees what a change of templates does. Words by lot are left out. */
    @ParameterizedTest
    @ValueSource(strings = {"demo", "kubernetes-config"})
    void itRendersAsItDid(String values) {
        String text = Chart.with(values).text().replaceAll("(?m)^(  (?:password|secret): )\"\\w{48}\"$", "$1<by lot>");

        new Generated(Path.of("src/test/snapshots/" + values + ".yaml").toAbsolutePath()).is(text);
    }

    @Test
    void plainManifestsAreTheChartWithTheValuesBesideThem() {
        String manifests =
                Chart.withFiles(Project.MANIFESTS.resolve("values.yaml")).text();

        assertThat(manifests).as("no word by lot in a file").doesNotContainPattern("\"\\w{48}\"");
        new Generated(Project.MANIFESTS.resolve("lightline.yaml"))
                .is("# Made of helm/lightline with values.yaml by scripts/render-k8s; do not edit.\n" + manifests);
    }

    @Test
    void plainManifestsAreValid() throws IOException {
        Rendering.of(Files.readString(Project.MANIFESTS.resolve("lightline.yaml")))
                .objects()
                .forEach(Strict::check);
    }

    @Test
    void theReadmeListsEveryValue() throws IOException {
        Path readme = Project.CHART.resolve("README.md");
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).isGreaterThanOrEqualTo(begin);

        new Generated(readme)
                .is(text.substring(0, begin)
                        + ValuesTable.of(Project.CHART.resolve("values.yaml"))
                        + text.substring(end));
    }
}
