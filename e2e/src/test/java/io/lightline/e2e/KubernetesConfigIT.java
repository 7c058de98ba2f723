package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.FolderLog;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.ServiceProcess;
import io.lightline.localstack.StackException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart's {@code config.source} promises: the packaged services, the environment that it sets, the rights of its Role. */
class KubernetesConfigIT {

    private static final String NAME = "lightline-relay";
    private static final String GET_CONFIG_MAP = "GET /api/v1/namespaces/prod/configmaps/" + NAME;
    private static final String GET_SECRET = "GET /api/v1/namespaces/prod/secrets/" + NAME;
    private static final String KEY = "key-from-the-secret";
    private static final String SHARED_SECRET = "a shared secret of thirty-two bytes or more";
    private static final String TENANT = """
            lightline:
              backplane:
                type: memory
              tenants:
                acme:
                  anonymous: true
                  namespaces:
                    orders:
                      prefix: "orders:"
            """;
    private static final String API_KEY = """
            lightline:
              tenants:
                acme:
                  api-keys: %s
            """.formatted(KEY);

    /** With {@code config.source: kubernetes}, for a release of the name "lightline". */
    private static final Path CHART = Path.of("..", "helm", "src", "test", "snapshots", "kubernetes-config.yaml");

    private final ApiServer api = ApiServer.start(CHART, NAME);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void tenantsComeFromTheConfigMapAndSecretsFromTheSecretWithNoMoreRightsThanTheRole() {
        // given
        api.configMap(NAME, TENANT);
        api.secret(NAME, API_KEY);

        // when
        try (var relay = relay(fromKubernetes(NAME))) {
            relay.startAndWait();

            // then
            assertThat(relay.publish("orders:1", KEY)).isEqualTo(200);
            assertThat(relay.publish("orders:1", "another key")).isEqualTo(401);
        }
        assertThat(api.requests()).containsExactly(GET_CONFIG_MAP, GET_SECRET);
        assertThat(api.refused()).isEmpty();
    }

    @Test
    void thePublisherGetsItsOrgsInTheSameWay() {
        // given
        api.configMap(NAME, """
                lightline:
                  publisher:
                    orgs:
                      acme:
                        topics: /event/Order__e
                        login-url: http://127.0.0.1:1
                        client-id: demo
                """);
        api.secret(NAME, """
                lightline:
                  publisher:
                    orgs:
                      acme:
                        client-secret: secret
                """);

        // when
        try (var publisher = new Service("publisher-service", folder, fromKubernetes(NAME))) {
            publisher.start();

            // then
            publisher.awaitLine("started in");
        }
        assertThat(api.requests()).containsExactly(GET_CONFIG_MAP, GET_SECRET);
        assertThat(api.refused()).isEmpty();
    }

    @Test
    void aMissingConfigMapEndsTheStartInOneLine() {
        // given
        api.secret(NAME, API_KEY);

        // then
        assertEndsWith(
                fromKubernetes(NAME),
                "Configuration cannot be read from Kubernetes: ConfigMap '" + NAME + "' not found in namespace 'prod'");
    }

    @Test
    void anObjectThatTheRoleDoesNotNameEndsTheStartInOneLine() {
        // given
        api.configMap(NAME, TENANT);
        api.secret("somebody-elses", API_KEY);
        var environment = new HashMap<>(fromKubernetes(NAME));
        environment.put("QUARKUS_KUBERNETES_CONFIG_SECRETS", "somebody-elses");

        // then
        assertEndsWith(
                environment,
                "Configuration cannot be read from Kubernetes: secrets \"somebody-elses\" is forbidden: User"
                        + " \"system:serviceaccount:prod:lightline\" cannot get resource \"secrets\"");
        assertThat(api.refused()).containsExactly("GET /api/v1/namespaces/prod/secrets/somebody-elses");
    }

    @Test
    void mountedFilesAreReadAndTheApiServerIsNotAskedUnlessToldSo() throws IOException {
        // given
        Path secret = Files.writeString(folder.resolve("hmac"), SHARED_SECRET);
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(folder.resolve("config").resolve("application.yaml"), TENANT + """
                      api-keys: %s
                      issuers:
                        web:
                          hmac-secret-file: %s
                """.formatted(KEY, secret));
        var environment = new HashMap<>(fromKubernetes(NAME));
        environment.remove("QUARKUS_KUBERNETES_CONFIG_ENABLED");

        // when
        try (var relay = relay(environment)) {
            relay.startAndWait();

            // then
            assertThat(relay.publish("orders:1", KEY)).isEqualTo(200);
            String token = Jwt.hs256(
                    SHARED_SECRET,
                    Json.object()
                            .put("sub", "alice")
                            .put(
                                    "exp",
                                    Instant.now().plus(Duration.ofMinutes(5)).getEpochSecond()));
            try (var alice = RelayClient.connect(relay.webSocketUri(), token)) {
                assertThat(alice.subscribe("orders:1").channel()).isEqualTo("orders:1");
            }
        }
        assertThat(api.requests()).isEmpty();
    }

    private void assertEndsWith(Map<String, String> environment, String complaint) {
        try (var relay = relay(environment)) {
            assertThatThrownBy(relay::startAndWait)
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("ended with 1");
            await().untilAsserted(
                            () -> assertThat(relay.lines()).last().asString().startsWith(complaint));
            assertThat(relay.lines()).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
        }
    }

    /** What the chart sets, and where a pod finds its API server and its token. */
    private Map<String, String> fromKubernetes(String name) {
        return Map.of(
                "QUARKUS_KUBERNETES_CONFIG_ENABLED",
                "true",
                "QUARKUS_KUBERNETES_CONFIG_CONFIG_MAPS",
                name,
                "QUARKUS_KUBERNETES_CONFIG_SECRETS",
                name,
                "QUARKUS_KUBERNETES_CONFIG_NAMESPACE",
                ApiServer.NAMESPACE,
                "KUBERNETES_MASTER",
                api.uri().toString(),
                "KUBERNETES_AUTH_TOKEN",
                ApiServer.TOKEN,
                "KUBERNETES_AUTH_TRYKUBECONFIG",
                "false",
                // Where there is none: neither service waits for it.
                "QUARKUS_REDIS_HOSTS",
                "redis://127.0.0.1:1");
    }

    private Service relay(Map<String, String> environment) {
        return new Service("relay-service", folder, environment);
    }

    /** A packaged service that knows only what its environment and its folder tell, but for its ports. */
    private static final class Service implements AutoCloseable {

        private final int http = FreePort.next();
        private final int management = FreePort.next();
        private final ServiceProcess process;

        Service(String module, Path folder, Map<String, String> environment) {
            var properties = Map.of(
                    "quarkus.http.host",
                    "127.0.0.1",
                    "quarkus.http.port",
                    "" + http,
                    "quarkus.management.host",
                    "127.0.0.1",
                    "quarkus.management.port",
                    "" + management);
            process = new ServiceProcess(
                    new ServiceProcess.Settings(
                            module,
                            Path.of("..", module, "target", "quarkus-app", "quarkus-run.jar"),
                            properties,
                            management("/q/health/ready"),
                            folder,
                            environment),
                    new FolderLog(Path.of("target", "kubernetes-config")));
        }

        void start() {
            process.start();
        }

        void startAndWait() {
            process.start();
            process.awaitReady();
        }

        void awaitLine(String part) {
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(lines())
                            .anySatisfy(line -> assertThat(line).contains(part)));
        }

        List<String> lines() {
            return process.lastLines();
        }

        int publish(String channel, String key) {
            var body = Json.object().put("channel", channel).put("data", 1);
            URI uri = URI.create("http://127.0.0.1:" + http + "/api/publish");
            return Http.send("POST", uri, "X-API-Key", key, body).statusCode();
        }

        URI webSocketUri() {
            return URI.create("ws://127.0.0.1:" + http + "/connection/websocket");
        }

        private URI management(String path) {
            return URI.create("http://127.0.0.1:" + management + path);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
