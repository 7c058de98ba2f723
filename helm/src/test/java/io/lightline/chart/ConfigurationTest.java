package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the services are told: only keys that they have, and no secret where everybody may read. */
class ConfigurationTest {

    private static final String SECRETS =
            "(?s).*([^:]0123456789abcdef0123456789abcdef|no-secret-but-a-test|PRIVATE KEY).*";

    /** Of Quarkus, and so not in our tables. RoundTripIT runs the services with them. */
    private static final Set<String> QUARKUS = Set.of("log", "redis", "tls", "http");

    static Stream<String> examples() {
        return Chart.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyKeyIsADocumentedOne(String values) {
        // given
        Rendering rendering = Chart.with(values).render();
        var patterns = DocumentedKeys.patterns();

        // when
        List<String> keys = new ArrayList<>();
        for (String component : List.of("relay", "publisher")) {
            for (String kind : List.of("ConfigMap", "Secret")) {
                String name = Chart.RELEASE + "-" + component;
                if (rendering.has(kind, name)
                        && rendering.the(kind, name).toString().contains("application.yaml")) {
                    leaves("", rendering.configuration(kind, name, "application.yaml"), keys);
                }
            }
        }
        if (rendering.has("ConfigMap", "lightline-publisher-orgs")) {
            leaves(
                    "lightline.publisher.",
                    rendering.configuration("ConfigMap", "lightline-publisher-orgs", "orgs.yaml"),
                    keys);
        }

        // then
        assertThat(keys)
                .isNotEmpty()
                .allMatch(key -> key.startsWith("quarkus.")
                        ? QUARKUS.contains(key.replaceFirst("^quarkus\\.(\\w+).*", "$1"))
                        : patterns.stream()
                                .anyMatch(pattern -> pattern.matcher(key).matches()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void noSecretIsAnywhereButInSecrets(String values) {
        Chart.with(values).includingTheTest().render().objects().stream()
                .filter(object -> !object.path("kind").asText().equals("Secret"))
                .forEach(object -> assertThat(object.toString()).doesNotMatch(SECRETS));
    }

    @Test
    void secretsOfValuesGoIntoSecrets() {
        Rendering rendering = Chart.with("gateway").render();

        JsonNode relay = rendering.configuration("Secret", "lightline-relay", "application.yaml");
        assertThat(relay.at("/lightline/tenants/acme/issuers/app/hmac-secret").asText())
                .startsWith("0123");
        assertThat(relay.at("/lightline/tenants/acme/api-keys/0").asText()).startsWith("0123");
        assertThat(rendering
                        .the("Secret", "lightline-publisher")
                        .at("/stringData/acme.pem")
                        .asText())
                .contains("PRIVATE KEY");
        assertThat(rendering
                        .the("Secret", "lightline-redis")
                        .at("/stringData/password")
                        .asText())
                .isEqualTo("no-secret-but-a-test");
        assertThat(rendering.container("relay").path("env").findValuesAsText("value"))
                .contains("/deployments/secrets/application.yaml");
    }

    @Test
    void existingSecretsAreReadAsFilesAndVariables() {
        Rendering rendering = Chart.with("production").render();

        JsonNode acme = rendering
                .configuration("ConfigMap", "lightline-relay", "application.yaml")
                .at("/lightline/tenants/acme");
        assertThat(acme.path("api-keys").asText()).isEqualTo("${TENANT_ACME_API_KEYS}");
        assertThat(acme.at("/issuers/org/public-key-files/0").asText())
                .isEqualTo("/deployments/tenants/acme-lightline/tls.crt");
        assertThat(acme.at("/issuers/backend/hmac-secret-file").asText())
                .isEqualTo("/deployments/tenants/acme-lightline/hmac");
        assertThat(rendering
                        .configuration("ConfigMap", "lightline-publisher-orgs", "orgs.yaml")
                        .at("/orgs/acme/private-key-file")
                        .asText())
                .isEqualTo("/deployments/orgs-secrets/acme-salesforce/server.key");
        assertThat(rendering.has("Secret", "lightline-relay")).isFalse();
    }

    @Test
    void redisIsReachedWithTlsAndAsAUser() {
        JsonNode quarkus = Chart.with("production")
                .render()
                .configuration("ConfigMap", "lightline-relay", "application.yaml")
                .path("quarkus");

        assertThat(quarkus.at("/redis/hosts").asText()).isEqualTo("rediss://redis.data.example:6380/2?user=lightline");
        assertThat(quarkus.at("/redis/tls-configuration-name").asText()).isEqualTo("redis");
        assertThat(quarkus.at("/tls/redis/trust-store/pem/certs").asText()).isEqualTo("/deployments/redis-ca/ca.crt");
    }

    @Test
    void sentinelsAreAskedForTheMaster() {
        JsonNode redis = Chart.with("gateway")
                .render()
                .configuration("ConfigMap", "lightline-publisher", "application.yaml")
                .at("/quarkus/redis");

        assertThat(redis.path("hosts").asText())
                .isEqualTo(
                        "redis://sentinel-0.redis:26379,redis://sentinel-1.redis:26379,redis://sentinel-2.redis:26379");
        assertThat(redis.path("client-type").asText()).isEqualTo("sentinel");
        assertThat(redis.path("master-name").asText()).isEqualTo("main");
    }

    @Test
    void onlyWithKubernetesAsTheSourceIsThereATokenAndARole() {
        // given
        Rendering files = Chart.with("demo").render();
        Rendering kubernetes = Chart.with("kubernetes-config").render();

        // then
        assertThat(files.all("Role")).isEmpty();
        assertThat(files.pods()
                        .map(pod -> pod.path("automountServiceAccountToken").asBoolean()))
                .containsOnly(false);
        assertThat(kubernetes.all("Role")).hasSize(2).allSatisfy(role -> {
            assertThat(role.path("rules")).hasSize(2);
            for (JsonNode rule : role.path("rules")) {
                assertThat(rule.path("verbs")).hasToString("[\"get\"]");
                assertThat(rule.path("resourceNames")).hasToString("[" + role.at("/metadata/name") + "]");
            }
        });
        assertThat(kubernetes
                        .the("Deployment", "lightline-relay")
                        .at("/spec/template/spec/automountServiceAccountToken")
                        .asBoolean())
                .isTrue();
        assertThat(kubernetes
                        .configuration("Secret", "lightline-publisher", "application.yaml")
                        .at("/lightline/publisher/orgs/acme/client-secret")
                        .asText())
                .isEqualTo("no-secret-but-a-test");
    }

    @Test
    void aChangedConfigurationRestartsPodsAndAChangedOrgDoesNot() {
        // given
        Rendering before = Chart.with("gateway").render();

        // when
        Rendering otherTenant = Chart.with("gateway", "{relay: {tenants: {acme: {limits: {max-connections: 5}}}}}")
                .render();
        Rendering otherOrg = Chart.with("gateway", "{publisher: {orgs: {acme: {window: 50}}}}")
                .render();

        // then
        assertThat(checksums(otherTenant, "relay")).isNotEqualTo(checksums(before, "relay"));
        assertThat(checksums(otherTenant, "publisher")).isEqualTo(checksums(before, "publisher"));
        assertThat(checksums(otherOrg, "publisher")).isEqualTo(checksums(before, "publisher"));
    }

    @Test
    void aChangedPasswordOfTheQuickStartValkeyRestartsAllThatUseIt() {
        // given
        Rendering before =
                Chart.with("demo", "{valkey: {auth: {password: old}}}").render();

        // when
        Rendering after =
                Chart.with("demo", "{valkey: {auth: {password: new}}}").render();

        // then
        assertThat(List.of("relay", "publisher", "valkey"))
                .allSatisfy(component ->
                        assertThat(checksums(after, component)).isNotEqualTo(checksums(before, component)));
    }

    @Test
    void aPodTakesNoMoreConnectionsThanItsMemoryHolds() {
        // when
        Rendering chart =
                Chart.with("gateway", "{relay: {maxConnections: 12000}}").render();

        // then
        assertThat(chart.configuration("ConfigMap", Chart.RELEASE + "-relay", "application.yaml")
                        .at("/lightline/limits/max-connections")
                        .asInt())
                .isEqualTo(12_000);
    }

    private static JsonNode checksums(Rendering rendering, String component) {
        return rendering.the("Deployment", Chart.RELEASE + "-" + component).at("/spec/template/metadata/annotations");
    }

    private static void leaves(String path, JsonNode node, List<String> into) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(entry -> leaves(
                            path + entry.getKey() + (entry.getValue().isObject() ? "." : ""), entry.getValue(), into));
        } else if (!node.isObject()) {
            into.add(path);
        }
    }
}
