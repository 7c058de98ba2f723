package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real programs, of both generations, on the chart as users have it: with hooks, notes and packaging. */
class HelmProgramTest {

    private static final String CHART = Project.CHART.toString();
    private static final String DEMO = Chart.ci("demo").toString();

    @BeforeAll
    static void noOtherClusterIsThere() {
        Cluster.shared().holds(Cluster.EMPTY);
    }

    @ParameterizedTest
    @EnumSource
    void lintsEveryExample(HelmProgram program) {
        Chart.examples().forEach(values -> {
            var result = program.helm(
                    "lint", CHART, "--strict", "--values", Chart.ci(values).toString());
            assertThat(result.status()).as(values + ": " + result.output()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void rendersTheTestAsAHook(HelmProgram program) {
        // when
        var result = program.helm("template", Chart.RELEASE, CHART, "--namespace", Chart.RELEASE, "--values", DEMO);

        // then
        assertThat(result.status()).as(result.output()).isZero();
        Rendering rendering = Rendering.of(result.output());
        assertThat(rendering
                        .the("Pod", "lightline-test")
                        .at("/metadata/annotations/helm.sh~1hook")
                        .asText())
                .isEqualTo("test");
        rendering.objects().forEach(Strict::check);
        // The library agrees about everything else.
        assertThat(rendering.names())
                .containsExactlyInAnyOrderElementsOf(
                        Chart.with("demo").includingTheTest().render().names());
    }

    @ParameterizedTest
    @EnumSource
    void notesNameTheNextCommand(HelmProgram program) {
        // when
        var notes = program.helm(
                "install", Chart.RELEASE, CHART, "--namespace", Chart.RELEASE, "--dry-run=client", "--values", DEMO);

        // then
        assertThat(notes.status()).as(notes.output()).isZero();
        assertThat(notes.output())
                .contains("helm --namespace lightline test lightline --logs")
                .contains("port-forward service/lightline-simulator 7080")
                .contains("each drains over 30 s and has 50 s to end");
    }

    @ParameterizedTest
    @EnumSource
    void packagesWhatItNeedsAndNoMore(HelmProgram program, @TempDir Path folder) {
        // when
        var packaged = program.helm("package", CHART, "--destination", folder.toString());
        var shown = program.helm(
                "show", "chart", folder.resolve("lightline-0.1.0.tgz").toString());
        var rendered = program.helm(
                "template", Chart.RELEASE, folder.resolve("lightline-0.1.0.tgz").toString(), "--values", DEMO);

        // then
        assertThat(packaged.status()).as(packaged.output()).isZero();
        assertThat(shown.output()).contains("artifacthub.io/license: Apache-2.0");
        assertThat(rendered.status()).as(rendered.output()).isZero();
    }

    @Test
    void plainManifestsGoThroughKustomize() {
        // when
        var result = HelmProgram.HELM_4.kubectl("kustomize", Project.MANIFESTS.toString());

        // then
        assertThat(result.status()).as(result.output()).isZero();
        Rendering rendering = Rendering.of(result.output());
        rendering.objects().stream()
                .filter(object ->
                        !List.of("Namespace").contains(object.path("kind").asText()))
                .forEach(Strict::check);
        assertThat(rendering.all("Namespace").toList())
                .singleElement()
                .satisfies(namespace -> assertThat(namespace
                                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                                .asText())
                        .isEqualTo("restricted"));
    }
}
