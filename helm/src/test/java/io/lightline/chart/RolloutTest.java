package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of pods, and the time that they have to come and go. */
class RolloutTest {

    @ParameterizedTest
    @CsvSource({"5, 30, , 50", "10, 60, , 85", "0, 5, , 20", "5, 30, 120, 120", "5, 30, 50, 50"})
    void aPodHasTheTimeThatItsDrainTakes(int preStop, int window, Integer wanted, int grace) {
        JsonNode pod = Chart.with(
                        "demo",
                        "{relay: {drain: {preStopSeconds: %d, windowSeconds: %d}, terminationGracePeriodSeconds: %s}}"
                                .formatted(preStop, window, wanted))
                .render()
                .the("Deployment", "lightline-relay")
                .at("/spec/template/spec");

        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isEqualTo(grace);
        assertThat(pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt())
                .isEqualTo(preStop);
    }

    @Test
    void theRelayDrainsOverTheSameWindow() {
        assertThat(Chart.with("production")
                        .render()
                        .configuration("ConfigMap", "lightline-relay", "application.yaml")
                        .at("/lightline/drain/window")
                        .asText())
                .isEqualTo("60s");
    }

    /** A number that goes away at an upgrade would be taken as one pod, and one that stays fights with the autoscaler. */
    @Test
    void anAutoscalerAloneSaysHowManyPodsThereAre() {
        assertThat(Chart.with("production")
                        .render()
                        .the("Deployment", "lightline-relay")
                        .at("/spec")
                        .has("replicas"))
                .isFalse();
    }

    @Test
    void olderKubernetesSleepsByACommand() {
        assertThat(Chart.with("demo").on("1.29.0").render().container("relay").at("/lifecycle/preStop/exec/command"))
                .hasToString("[\"sleep\",\"5\"]");
    }

    @Test
    void noPodGoesBeforeAnotherIsThere() {
        JsonNode spec =
                Chart.with("demo").render().the("Deployment", "lightline-relay").path("spec");

        assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt()).isZero();
        assertThat(spec.at("/strategy/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
        assertThat(spec.path("minReadySeconds").asInt()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"2, 30, 600", "20, 60, 2400"})
    void aSlowRollOutIsNoFailure(int replicas, int window, int deadline) {
        assertThat(Chart.with("demo", "{relay: {replicas: %d, drain: {windowSeconds: %d}}}".formatted(replicas, window))
                        .render()
                        .the("Deployment", "lightline-relay")
                        .at("/spec/progressDeadlineSeconds")
                        .asInt())
                .isEqualTo(deadline);
    }

    @Test
    void theAutoscalerCountsCpuAndConnections() {
        JsonNode spec = Chart.with("production")
                .render()
                .the("HorizontalPodAutoscaler", "lightline-relay")
                .path("spec");

        assertThat(spec.path("minReplicas").asInt()).isEqualTo(3);
        assertThat(spec.at("/metrics/0/resource/target/averageUtilization").asInt())
                .isEqualTo(70);
        assertThat(spec.at("/metrics/1/pods/metric/name").asText()).isEqualTo("lightline_connections");
        assertThat(spec.at("/metrics/1/pods/target/averageValue").asText()).isEqualTo("15000");
        assertThat(spec.at("/behavior/scaleDown/stabilizationWindowSeconds").asInt())
                .isEqualTo(900);
    }

    @Test
    void kedaAsksForTheConnectionsOfThisRelease() {
        JsonNode spec = Chart.with("gateway")
                .render()
                .the("ScaledObject", "lightline-relay")
                .path("spec");

        assertThat(spec.at("/triggers/0/metadata/query").asText())
                .isEqualTo("sum(lightline_connections{namespace=\"lightline\",pod=~\"lightline-relay-.*\"})");
        assertThat(spec.at("/triggers/0/metadata/threshold").asText()).isEqualTo("10000");
        assertThat(spec.at("/triggers/0/authenticationRef/name").asText()).isEqualTo("prometheus");
    }

    @Test
    void aSinglePodHasNoDisruptionBudget() {
        assertThat(Chart.with("single").render().all("PodDisruptionBudget")).isEmpty();
        assertThat(Chart.with("demo").render().all("PodDisruptionBudget")).hasSize(2);
    }

    @Test
    void aDigestWinsOverTheTag() {
        Rendering rendering = Chart.with("extras").render();

        assertThat(rendering.container("relay").path("image").asText()).startsWith("lightline/relay@sha256:aaaa");
        assertThat(rendering.container("publisher").path("image").asText()).isEqualTo("lightline/publisher:0.1.0");
        assertThat(Chart.with("production")
                        .render()
                        .container("relay")
                        .path("image")
                        .asText())
                .isEqualTo("registry.example/lightline/relay:0.1.0");
    }

    @Test
    void artifactHubIsToldOfTheImagesThatAreRun() throws IOException {
        // given
        JsonNode chart = Rendering.read(Files.readString(Project.CHART.resolve("Chart.yaml")));

        // when
        Set<String> images = Chart.with("demo")
                .render()
                .pods()
                .flatMap(pod -> pod.path("containers").findValuesAsText("image").stream())
                .collect(Collectors.toSet());

        // then
        assertThat(Rendering.read(
                                chart.at("/annotations/artifacthub.io~1images").asText())
                        .findValuesAsText("image"))
                .containsExactlyInAnyOrderElementsOf(images);
    }
}
