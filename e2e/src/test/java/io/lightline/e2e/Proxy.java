package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real proxy that ends TLS in front of relays, with the configuration that {@code docs/proxies} gives to operators. */
final class Proxy implements AutoCloseable {

    private static final Path CONFIGURATIONS = Path.of("..", "docs", "proxies");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final int port;
    private final String reloadSignal;
    private final Process process;

    private Proxy(String name, int port, String reloadSignal, Process process) {
        this.name = name;
        this.port = port;
        this.reloadSignal = reloadSignal;
        this.process = process;
    }

    /** @param folder for its files; one of its own */
    static Proxy nginx(List<LoneRelay> relays, Certificate certificate, Path folder) throws IOException {
        int port = FreePort.next();
        String configuration = Files.readString(CONFIGURATIONS.resolve("nginx.conf"))
                .replace("listen 8443", "listen 127.0.0.1:" + port)
                .replace("/tmp/", folder + "/")
                .replace("/etc/lightline/tls", certificate.folder().toString());
        for (int i = 0; i < relays.size(); i++) {
            configuration = configuration.replace(
                    "relay-" + (i + 1) + ":8080", relays.get(i).webSocketUri().getAuthority());
        }
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        return start(
                "nginx",
                port,
                "HUP",
                folder,
                List.of("-p", folder.toString(), "-e", "stderr", "-c", file.toString(), "-g", "daemon off;"));
    }

    /** @param folder for its files; one of its own */
    static Proxy haproxy(List<LoneRelay> relays, Certificate certificate, Path folder) throws IOException {
        int port = FreePort.next();
        String configuration = Files.readString(CONFIGURATIONS.resolve("haproxy.cfg"))
                .replace("bind :8443", "bind 127.0.0.1:" + port)
                .replace("/etc/lightline/tls", certificate.folder().toString());
        for (int i = 0; i < relays.size(); i++) {
            LoneRelay relay = relays.get(i);
            configuration = configuration.replace(
                    "relay-" + (i + 1) + ":8080 port 9000",
                    relay.webSocketUri().getAuthority() + " port "
                            + relay.managementUri("/").getPort());
        }
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
        return start("haproxy", port, "USR2", folder, List.of("-W", "-f", file.toString()));
    }

    private static Proxy start(String name, int port, String reloadSignal, Path folder, List<String> arguments)
            throws IOException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(InstalledProgram.require(name).command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        var proxy = new Proxy(name, port, reloadSignal, process);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(proxy.listens())
                        .as("%s: %s", name, Files.readString(output))
                        .isTrue());
        return proxy;
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    String name() {
        return name;
    }

    URI webSocketUri() {
        return URI.create("wss://127.0.0.1:" + port + "/connection/websocket");
    }

    /** Reads its configuration again, and returns when a new worker is there. */
    void reload() throws IOException, InterruptedException {
        Set<ProcessHandle> before = workers();
        assertThat(new ProcessBuilder("kill", "-" + reloadSignal, "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(workers()).isNotEmpty().anyMatch(worker -> !before.contains(worker)));
    }

    private Set<ProcessHandle> workers() {
        return process.descendants().collect(Collectors.toSet());
    }

    /** At once, with all of its workers. */
    @Override
    public void close() {
        Set<ProcessHandle> workers = workers();
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
