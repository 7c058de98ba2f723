package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every values file in {@code ci/} on every version of Kubernetes. */
class RenderingTest {

    private static final List<String> KUBERNETES = List.of("1.28.0", "1.33.0", Chart.NEWEST);

    static Stream<Arguments> examples() {
        return Chart.examples().flatMap(values -> KUBERNETES.stream().map(version -> Arguments.of(values, version)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyObjectIsOneThatTheApiServerTakes(String values, String kubernetes) {
        // when
        Rendering rendering =
                Chart.with(values).on(kubernetes).includingTheTest().render();

        // then
        rendering.objects().forEach(Strict::check);
        assertThat(rendering.names()).doesNotHaveDuplicates();
        assertThat(rendering.objects())
                .filteredOn(object -> !object.at("/metadata/name").asText().matches("lightline-(more|text)"))
                .allSatisfy(RenderingTest::isLabelled);
        rendering.pods().forEach(RenderingTest::isRestricted);
        rendering.all("Deployment").forEach(RenderingTest::selectsItsPods);
        rendering.pods().forEach(RenderingTest::mountsWhatIsThere);
    }

    private static void isLabelled(JsonNode object) {
        assertThat(object.at("/metadata/name").asText()).matches("[a-z0-9.-]{1,63}");
        assertThat(object.at("/metadata/labels/app.kubernetes.io~1instance").asText())
                .isEqualTo(Chart.RELEASE);
        assertThat(object.at("/metadata/namespace").asText()).isEqualTo(Chart.RELEASE);
    }

    /** The Pod Security standard "restricted", as its documentation lists it. */
    private static void isRestricted(JsonNode pod) {
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.path(field).asBoolean()).as(field).isFalse();
        }
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.path("automountServiceAccountToken").isBoolean()).isTrue();
        for (JsonNode container : pod.withArray("containers")) {
            JsonNode context = container.path("securityContext");
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.path("privileged").asBoolean()).isFalse();
            assertThat(context.at("/capabilities/drop")).hasToString("[\"ALL\"]");
            assertThat(context.path("capabilities").has("add")).isFalse();
            assertThat(container.path("ports").findValues("hostPort")).isEmpty();
            if (!container.path("name").asText().equals("beside")) {
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(container.at("/resources/limits").has("memory")).isTrue();
                assertThat(container.at("/resources/requests").has("cpu")).isTrue();
            }
        }
        for (JsonNode volume : pod.path("volumes")) {
            assertThat(volume.fieldNames())
                    .toIterable()
                    .containsAnyOf("configMap", "secret", "emptyDir", "projected", "persistentVolumeClaim");
        }
    }

    private static void selectsItsPods(JsonNode deployment) {
        JsonNode labels = deployment.at("/spec/template/metadata/labels");
        deployment
                .at("/spec/selector/matchLabels")
                .properties()
                .forEach(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue()));
    }

    private static void mountsWhatIsThere(JsonNode pod) {
        List<String> volumes = pod.path("volumes").findValuesAsText("name");
        for (JsonNode container : pod.path("containers")) {
            for (JsonNode mount : container.path("volumeMounts")) {
                assertThat(volumes).contains(mount.path("name").asText());
            }
        }
    }
}
