package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs containers of a rendering as processes: the same environment and files, a folder in the place of {@code /deployments}, and addresses of
 * this machine instead of Services.
 */
final class Containers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Rendering rendering;
    private final Path folder;
    private final Map<String, String> addresses;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, URI> readiness = new LinkedHashMap<>();

    record Result(int status, String output) {}

    /** @param addresses what stands for the names of Services, longest first where one contains another */
    Containers(Rendering rendering, Path folder, Map<String, String> addresses) {
        this.rendering = rendering;
        this.folder = folder;
        this.addresses = addresses;
    }

    Path folder() {
        return folder;
    }

    /** A Redis with the rendered configuration and password, in Valkey's place. */
    void startValkey(int port) throws IOException {
        Path home = Files.createDirectories(folder.resolve("valkey"));
        String configuration = rendering
                .the("ConfigMap", "lightline-valkey")
                .at("/data/valkey.conf")
                .asText();
        Path file = Files.writeString(home.resolve("valkey.conf"), configuration.replace("dir /data", "dir " + home));
        String password = rendering
                .the("Secret", "lightline-valkey")
                .at("/stringData/password")
                .asText();
        try {
            start(
                    "valkey",
                    home,
                    Map.of(),
                    List.of(
                            "redis-server",
                            file.toString(),
                            "--requirepass",
                            password,
                            "--port",
                            "" + port,
                            "--bind",
                            "127.0.0.1"));
        } catch (UncheckedIOException nobody) {
            System.out.println("SKIPPED: the demo as processes, as there is no redis-server on the PATH");
            Assumptions.abort("no redis-server");
        }
    }

    /**
     * Starts a service of ours.
     *
     * @param module whose jar it is
     * @param pod what this pod is called
     * @param ports further environment
     */
    void startService(String component, String module, String pod, Map<String, String> ports) throws IOException {
        Path home = Files.createDirectories(folder.resolve(pod));
        JsonNode container = rendering.container(component);
        mount(rendering.the("Deployment", Chart.RELEASE + "-" + component).at("/spec/template/spec"), container, home);
        var environment = environment(container, pod);
        String probe = container.at("/readinessProbe/httpGet/path").asText();
        if (component.equals("simulator")) {
            readiness.put(pod, URI.create("http://127.0.0.1:" + ports.get("QUARKUS_HTTP_PORT") + probe));
        } else {
            int management = freePort();
            environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
            environment.put("QUARKUS_MANAGEMENT_PORT", "" + management);
            readiness.put(pod, URI.create("http://127.0.0.1:" + management + probe));
        }
        environment.putAll(ports);
        Path jar = Project.ROOT.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        start(pod, home, environment, List.of(JAVA, "-Xmx192m", "-XX:+UseSerialGC", "-jar", jar.toString()));
    }

    /** As the kubelet does. */
    void awaitReady() {
        readiness.forEach((pod, uri) -> await(pod)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    assertThat(started(pod)).as("%s ended: %s", pod, read(pod)).isTrue();
                    assertThat(status(uri)).as(() -> pod + ": " + read(pod)).isEqualTo(200);
                }));
    }

    boolean started(String pod) {
        return processes.get(pod).isAlive();
    }

    /** Runs a container of the relay's image until it ends. */
    Result run(JsonNode container) {
        var command = new ArrayList<>(List.of(JAVA));
        Path image = Project.ROOT.resolve("relay-service/target/quarkus-app");
        container
                .path("args")
                .forEach(argument -> command.add(local(argument.asText())
                        .replace("/deployments/app", image + "/app")
                        .replace("/deployments/lib", image + "/lib")
                        .replace("/deployments", folder.resolve("relay-a").toString())));
        Process process = start("test", folder, Map.of(), command);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
        return new Result(process.exitValue(), read("test"));
    }

    /** Everything that was printed. */
    String output() {
        return String.join("\n", processes.keySet().stream().map(this::read).toList());
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
    }

    private Map<String, String> environment(JsonNode container, String pod) {
        var environment = new LinkedHashMap<String, String>();
        for (JsonNode variable : container.path("env")) {
            JsonNode secret = variable.at("/valueFrom/secretKeyRef");
            String value = secret.isObject()
                    ? rendering
                            .the("Secret", secret.path("name").asText())
                            .path("stringData")
                            .path(secret.path("key").asText())
                            .asText()
                    : variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.name")
                            ? pod
                            : variable.path("value").asText();
            environment.put(
                    variable.path("name").asText(),
                    value.replace("/deployments", folder.resolve(pod).toString()));
        }
        return environment;
    }

    /** ConfigMaps and Secrets become files. */
    private void mount(JsonNode pod, JsonNode container, Path home) throws IOException {
        for (JsonNode mount : container.path("volumeMounts")) {
            for (JsonNode volume : pod.path("volumes")) {
                if (volume.path("name").equals(mount.path("name"))) {
                    JsonNode files = volume.has("configMap")
                            ? rendering
                                    .the(
                                            "ConfigMap",
                                            volume.at("/configMap/name").asText())
                                    .path("data")
                            : volume.has("secret")
                                    ? rendering
                                            .the(
                                                    "Secret",
                                                    volume.at("/secret/secretName")
                                                            .asText())
                                            .path("stringData")
                                    : volume.path("none");
                    for (var file : files.properties()) {
                        Path target = home.resolve(
                                        mount.path("mountPath").asText().replace("/deployments/", ""))
                                .resolve(file.getKey());
                        Files.createDirectories(target.getParent());
                        Files.writeString(
                                target, local(file.getValue().asText()).replace("/deployments", home.toString()));
                    }
                }
            }
        }
    }

    private String local(String text) {
        String result = text;
        var names = new ArrayList<>(addresses.keySet());
        names.sort((one, other) -> other.length() - one.length());
        for (String name : names) {
            result = result.replace(name, addresses.get(name));
        }
        return result;
    }

    private Process start(String name, Path home, Map<String, String> environment, List<String> command) {
        try {
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(name + ".log").toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            processes.put(name, process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(URI uri) {
        try {
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(2000);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException nobody) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
