package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as the chart renders it, without a cluster: each container's command, environment and mounted files, as processes on this machine. So
 * the services prove that they take what the chart tells them, and {@code helm test} proves that it works.
 */
class RoundTripIT {

    @TempDir
    private static Path folder;

    private static Rendering rendering;
    private static Containers containers;

    @BeforeAll
    static void startTheDemo() throws IOException {
        rendering = Chart.with("demo").includingTheTest().render();
        int valkey = freePort();
        int simulator = freePort();
        int pubsub = freePort();
        int first = freePort();
        int second = freePort();
        containers = new Containers(
                rendering,
                folder,
                Map.of(
                        "lightline-valkey:6379",
                        "127.0.0.1:" + valkey,
                        "lightline-simulator:7080",
                        "127.0.0.1:" + simulator,
                        "lightline-simulator",
                        "127.0.0.1",
                        "endpoint-port: 7443",
                        "endpoint-port: " + pubsub,
                        "lightline-relay:80",
                        "127.0.0.1:" + first,
                        "ws://lightline-relay-pods:8080/connection/websocket",
                        "ws://127.0.0.1:%d/connection/websocket,ws://127.0.0.1:%d/connection/websocket"
                                .formatted(first, second)));
        containers.startValkey(valkey);
        containers.startService(
                "simulator",
                "salesforce-simulator",
                "simulator",
                Map.of(
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1",
                        "QUARKUS_HTTP_PORT",
                        "" + simulator,
                        "QUARKUS_GRPC_SERVER_HOST",
                        "127.0.0.1",
                        "QUARKUS_GRPC_SERVER_PORT",
                        "" + pubsub));
        containers.startService("relay", "relay-service", "relay-a", Map.of("QUARKUS_HTTP_PORT", "" + first));
        containers.startService("relay", "relay-service", "relay-b", Map.of("QUARKUS_HTTP_PORT", "" + second));
        containers.startService("publisher", "publisher-service", "publisher", Map.of());
        containers.awaitReady();
    }

    @AfterAll
    static void stop() {
        if (containers != null) {
            containers.close();
        }
    }

    @Test
    void helmTestSendsAMessageFromEachPodToTheOther() {
        // when
        Containers.Result test =
                containers.run(rendering.the("Pod", "lightline-test").at("/spec/containers/0"));

        // then
        assertThat(test.output()).contains("relay-a -> relay-a", "relay-b -> relay-a", "Messages flow between 2 pods");
        assertThat(test.status()).isZero();
    }

    @Test
    void helmTestFailsWithoutTheTenantsSecret() throws IOException {
        // given
        JsonNode container =
                rendering.the("Pod", "lightline-test").at("/spec/containers/0").deepCopy();
        Path other = containers.folder().resolve("another-secret");
        Files.writeString(other, "0123456789abcdef0123456789abcdef0123456789");
        var arguments = (ArrayNode) container.path("args");
        arguments.set(arguments.size() - 1, other.toString());

        // when
        Containers.Result test = containers.run(container);

        // then
        assertThat(test.status()).isEqualTo(1);
        assertThat(test.output()).contains("closed with 4501");
    }

    @Test
    void theServicesKnowEveryKeyThatTheyAreTold() {
        assertThat(containers.output()).doesNotContain("Unrecognized configuration");
    }

    @Test
    void theRelaysAreCalledAsTheirPods() {
        assertThat(List.of(containers.started("relay-a"), containers.started("relay-b")))
                .containsOnly(true);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
