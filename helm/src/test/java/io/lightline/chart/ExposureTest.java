package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who reaches what. */
class ExposureTest {

    @Test
    void thePublicServiceHasNoManagementPort() {
        Rendering rendering = Chart.with("demo").render();

        assertThat(rendering.the("Service", "lightline-relay").at("/spec/ports").findValuesAsText("name"))
                .containsExactly("http");
        assertThat(rendering
                        .the("Service", "lightline-relay-pods")
                        .at("/spec/clusterIP")
                        .asText())
                .isEqualTo("None");
    }

    @ParameterizedTest
    @CsvSource({
        "production, traefik.ingress.kubernetes.io/router.entrypoints, websecure",
        "haproxy, haproxy.org/load-balance, leastconn",
        "f5-nginx, nginx.org/websocket-services, lightline-relay",
        "f5-nginx, nginx.org/proxy-read-timeout, 3600s",
        "alb, alb.ingress.kubernetes.io/target-type, ip",
        "alb, alb.ingress.kubernetes.io/load-balancer-attributes, idle_timeout.timeout_seconds=120",
        "alb, alb.ingress.kubernetes.io/healthcheck-port, 9000",
        "gke, kubernetes.io/ingress.allow-http, false"
    })
    void aPresetKnowsItsController(String values, String annotation, String value) {
        assertThat(Chart.with(values)
                        .render()
                        .the("Ingress", "lightline-relay")
                        .path("metadata")
                        .path("annotations")
                        .path(annotation)
                        .asText())
                .isEqualTo(value);
    }

    @Test
    void loadBalancersThatAskForReadinessMay() {
        // when
        Rendering gke = Chart.with("gke").render();
        Rendering alb = Chart.with("alb", "{networkPolicy: {healthChecks: [{ipBlock: {cidr: 10.1.0.0/16}}]}}")
                .render();

        // then
        assertThat(networksAtTheManagementPort(gke)).contains("35.191.0.0/16", "130.211.0.0/22");
        assertThat(networksAtTheManagementPort(alb)).containsExactly("10.1.0.0/16");
        assertThat(networksAtTheManagementPort(Chart.with("haproxy").render())).isEmpty();
    }

    private static List<String> networksAtTheManagementPort(Rendering rendering) {
        return StreamSupport.stream(
                        rendering
                                .the("NetworkPolicy", "lightline-relay")
                                .at("/spec/ingress")
                                .spliterator(),
                        false)
                .filter(rule -> rule.at("/ports/0/port").asText().equals("management"))
                .flatMap(rule -> rule.path("from").findValuesAsText("cidr").stream())
                .toList();
    }

    @Test
    void gkeIsToldAboutLongConnectionsAndTheManagementPort() {
        Rendering rendering = Chart.with("gke").render();

        JsonNode service = rendering.the("Service", "lightline-relay").at("/metadata/annotations");
        assertThat(service.path("cloud.google.com/backend-config").asText())
                .isEqualTo("{\"default\":\"lightline-relay\"}");
        assertThat(rendering
                        .the("BackendConfig", "lightline-relay")
                        .at("/spec/timeoutSec")
                        .asInt())
                .isEqualTo(86400);
        assertThat(rendering
                        .the("GCPBackendPolicy", "lightline-relay")
                        .at("/spec/default/securityPolicy")
                        .asText())
                .isEqualTo("armor");
        assertThat(rendering
                        .the("HealthCheckPolicy", "lightline-relay")
                        .at("/spec/default/config/httpHealthCheck/port")
                        .asInt())
                .isEqualTo(9000);
    }

    @Test
    void aRouteAttachesToTheChartsGatewayUnlessAnotherIsNamed() {
        JsonNode own = Chart.with("gateway")
                .render()
                .the("HTTPRoute", "lightline-relay")
                .path("spec");
        JsonNode other =
                Chart.with("gke").render().the("HTTPRoute", "lightline-relay").path("spec");

        assertThat(own.at("/parentRefs/0/name").asText()).isEqualTo("lightline");
        assertThat(own.at("/rules/0/timeouts/request").asText()).isEqualTo("0s");
        assertThat(other.at("/parentRefs/0/namespace").asText()).isEqualTo("gateways");
        assertThat(other.at("/rules/0").has("timeouts")).isFalse();
    }

    @Test
    void thePoliciesOpenWhatTheConfigurationNeeds() {
        Rendering rendering = Chart.with("production").render();

        JsonNode relay = rendering.the("NetworkPolicy", "lightline-relay").path("spec");
        assertThat(relay.at("/ingress/0/from/0/namespaceSelector/matchLabels").toString())
                .contains("traefik");
        // `helm test` comes from inside.
        assertThat(relay.at("/ingress/1/from/0/podSelector/matchLabels/app.kubernetes.io~1component")
                        .asText())
                .isEqualTo("test");
        assertThat(ports(relay.path("egress"))).containsExactly("53", "53", "6380", "443", "4317");
        assertThat(ports(rendering.the("NetworkPolicy", "lightline-publisher").at("/spec/egress")))
                .containsExactly("53", "53", "6380", "443", "7443", "4317");
    }

    @Test
    void valkeyIsForRelayAndPublisherOnly() {
        JsonNode valkey = Chart.with("demo")
                .render()
                .the("NetworkPolicy", "lightline-valkey")
                .path("spec");

        assertThat(valkey.at("/ingress/0/from").findValuesAsText("app.kubernetes.io/component"))
                .containsExactly("publisher", "relay");
        assertThat(valkey.path("egress")).isEmpty();
    }

    @Test
    void monitorsScrapeTheManagementPort() {
        JsonNode monitor = Chart.with("production").render().the("ServiceMonitor", "lightline-relay");

        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(monitor.at("/spec/selector/matchLabels/lightline.io~1pods").asText())
                .isEqualTo("relay");
        assertThat(monitor.at("/spec/endpoints/0/port").asText()).isEqualTo("management");
        // As alerts and dashboards have it.
        assertThat(monitor.at("/spec/endpoints/0/relabelings/0/replacement").asText())
                .isEqualTo("lightline-relay");
        assertThat(Chart.with("gateway").render().all("PodMonitor")).hasSize(2);
    }

    @Test
    void everyDashboardAndEveryAlertIsWrapped() throws IOException {
        // given
        Rendering rendering = Chart.with("production").render();
        Path files = Project.CHART.resolve("files");

        // then
        for (Path dashboard : list(files.resolve("dashboards"))) {
            String name = dashboard.getFileName().toString();
            JsonNode map = rendering.the("ConfigMap", "lightline-dashboard-" + name.replace(".json", ""));
            assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
            assertThat(Rendering.read(map.path("data").path(name).asText()))
                    .isEqualTo(Rendering.read(Files.readString(dashboard)));
        }
        for (Path rules : list(files.resolve("rules"))) {
            JsonNode rule = rendering.the("PrometheusRule", "lightline");
            assertThat(rule.findValuesAsText("alert"))
                    .isEqualTo(Rendering.read(Files.readString(rules)).findValuesAsText("alert"));
            assertThat(rule.findValuesAsText("runbook_url"))
                    .isNotEmpty()
                    .allMatch(url -> url.startsWith("https://runbooks.acme.example/lightline#"));
            assertThat(rule.findValuesAsText("team")).contains("integration");
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Iterable<String> ports(JsonNode rules) {
        return StreamSupport.stream(rules.spliterator(), false)
                .flatMap(rule -> rule.path("ports").findValuesAsText("port").stream())
                .toList();
    }
}
