package io.lightline.localstack;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A relay of the stack: its addresses and its process. */
public final class RelayPod {

    /** Opens the demo tenant's server API; a well-known word, so never one for a relay that others can reach. */
    public static final String API_KEY = "demo";

    private final Ports.RelayPorts ports;
    private final ServiceProcess process;

    RelayPod(String name, Ports.RelayPorts ports, RedisProcess redis, Path page, Path jar, StackLog log) {
        this.ports = ports;
        this.process = new ServiceProcess(
                new ServiceProcess.Settings(
                        name, jar, properties(name, ports, redis, page), managementUri("/q/health/ready")),
                log);
    }

    public String name() {
        return process.name();
    }

    public ServiceProcess process() {
        return process;
    }

    /** Where clients connect. */
    public URI webSocketUri() {
        return URI.create("ws://127.0.0.1:" + ports.http() + "/connection/websocket");
    }

    /** A method of the server API, for example {@code publish}. */
    public URI apiUri(String method) {
        return URI.create("http://127.0.0.1:" + ports.http() + "/api/" + method);
    }

    /** Health and metrics, for example {@code /q/metrics}. */
    public URI managementUri(String path) {
        return URI.create("http://127.0.0.1:" + ports.management() + path);
    }

    /** The demo page. */
    public URI pageUri() {
        return URI.create("http://127.0.0.1:" + ports.http() + "/");
    }

    private static Map<String, String> properties(String name, Ports.RelayPorts ports, RedisProcess redis, Path page) {
        var properties = new HashMap<String, String>();
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", "" + ports.http());
        properties.put("quarkus.management.host", "127.0.0.1");
        properties.put("quarkus.management.port", "" + ports.management());
        properties.put("quarkus.redis.hosts", redis.uri().toString());
        properties.put("lightline.node-name", name);
        properties.put("lightline.static-files", page.toString());
        // Whoever presses Ctrl-C does not want to wait.
        properties.put("lightline.drain.window", "2s");
        properties.putAll(DemoTenant.relayProperties());
        return properties;
    }
}
