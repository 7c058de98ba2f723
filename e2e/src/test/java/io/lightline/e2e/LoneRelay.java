package io.lightline.e2e;

import io.lightline.localstack.FolderLog;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A relay process of a test's own, without a Redis and without others unless its properties say so; its output is in
 * {@code target/<name>}.
 */
final class LoneRelay implements AutoCloseable {

    static final String API_KEY = "demo";
    private static final Path JAR = Path.of("..", "relay-service", "target", "quarkus-app", "quarkus-run.jar");

    private final int http = FreePort.next();
    private final int management = FreePort.next();
    private final ServiceProcess process;
    private ProcessHandle handle;

    private LoneRelay(String name, Map<String, String> properties) {
        process = new ServiceProcess(
                new ServiceProcess.Settings("relay", JAR, complete(properties), managementUri("/q/health/ready")),
                new FolderLog(Path.of("target", name)));
        handle = run();
    }

    private ProcessHandle run() {
        process.start();
        try {
            process.awaitReady();
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
        return ProcessHandle.of(process.pid()).orElseThrow();
    }

    /** After it has ended; on the same ports. */
    void startAgain() {
        handle = run();
    }

    /** Starts one and waits until it is ready. */
    static LoneRelay start(String name, Map<String, String> properties) {
        return new LoneRelay(name, properties);
    }

    private Map<String, String> complete(Map<String, String> properties) {
        var complete = new HashMap<String, String>();
        complete.put("quarkus.http.host", "127.0.0.1");
        complete.put("quarkus.http.port", "" + http);
        complete.put("quarkus.management.host", "127.0.0.1");
        complete.put("quarkus.management.port", "" + management);
        complete.put("lightline.backplane.type", "memory");
        complete.put("lightline.tenants.demo.anonymous", "true");
        complete.put("lightline.tenants.demo.api-keys", API_KEY);
        complete.put("lightline.tenants.demo.namespaces.chat.prefix", "chat:");
        complete.putAll(properties);
        return complete;
    }

    URI webSocketUri() {
        return URI.create("ws://127.0.0.1:" + http + "/connection/websocket");
    }

    /** Of a method of the server API. */
    URI apiUri(String method) {
        return URI.create("http://127.0.0.1:" + http + "/api/" + method);
    }

    URI managementUri(String path) {
        return URI.create("http://127.0.0.1:" + management + path);
    }

    /** The HTTP status of a publication by the server API. */
    int publish(String channel) {
        var body = Json.object().put("channel", channel).put("data", 1);
        return Http.send("POST", apiUri("publish"), "X-API-Key", API_KEY, body).statusCode();
    }

    /** {@code SIGTERM}, without waiting. */
    void askToStop() {
        handle.destroy();
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    int readiness() {
        return process.readiness();
    }

    /** {@code kill -9}. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        kill();
    }
}
