package io.lightline.e2e;

import io.lightline.localstack.FolderLog;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.lightline.localstack.ServiceProcess;
import io.lightline.localstack.Simulator;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * An org, a publisher and two relays that tell a collector of every event and log in JSON, as an operator's environment tells
 * them to. Their output is kept, and in {@code target/observed}.
 */
final class ObservedStack implements AutoCloseable {

    private final Map<String, List<String>> lines = new ConcurrentHashMap<>();
    private final FolderLog log = new FolderLog(Path.of("target", "observed"));
    private final String apiKey = UUID.randomUUID().toString();
    private final RedisProcess redis = RedisProcess.start();
    private final Simulator simulator = Simulator.prepare(Map.of(), log);
    private final Map<String, String> environment;
    private final List<Relay> relays;
    private final ServiceProcess publisher;

    private ObservedStack(URI collector) {
        environment = Map.of(
                "QUARKUS_OTEL_SDK_DISABLED", "false",
                "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", collector.toString(),
                "QUARKUS_OTEL_TRACES_SAMPLER_ARG", "1.0",
                "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "100ms",
                "QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true",
                "QUARKUS_REDIS_HOSTS", redis.uri().toString());
        relays = List.of(new Relay("relay-1"), new Relay("relay-2"));
        publisher = service("publisher", "publisher-service", FreePort.next(), publisherProperties());
    }

    /** Starts everything and waits until it is ready. */
    static ObservedStack start(URI collector) {
        var stack = new ObservedStack(collector);
        try {
            stack.simulator.process().start();
            stack.relays.forEach(relay -> relay.process.start());
            stack.simulator.process().awaitReady();
            stack.publisher.start();
            stack.publisher.awaitReady();
            stack.relays.forEach(relay -> relay.process.awaitReady());
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    final class Relay {

        private final int http = FreePort.next();
        private final ServiceProcess process;

        Relay(String name) {
            var properties = new HashMap<String, String>();
            properties.put("quarkus.http.host", "127.0.0.1");
            properties.put("quarkus.http.port", "" + http);
            properties.put("lightline.node-name", name);
            properties.put("lightline.drain.window", "1s");
            properties.put("lightline.tenants.demo.anonymous", "true");
            properties.put("lightline.tenants.demo.api-keys", apiKey);
            properties.put("lightline.tenants.demo.namespaces.event.prefix", "/event/");
            properties.put("lightline.tenants.demo.namespaces.chat.prefix", "chat:");
            // Who asks for something in vain is told, and the log says why.
            properties.put("quarkus.log.category.\"io.lightline.relay.api\".level", "DEBUG");
            process = service(name, "relay-service", FreePort.next(), properties);
        }

        URI webSocketUri() {
            return URI.create("ws://127.0.0.1:" + http + "/connection/websocket");
        }

        URI publishUri() {
            return URI.create("http://127.0.0.1:" + http + "/api/publish");
        }

        /** {@code SIGTERM}, and waits; what it prints meanwhile is kept. */
        void stop() {
            ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
            handle.destroy();
            handle.onExit().join();
        }
    }

    Relay relay(int index) {
        return relays.get(index);
    }

    SalesforceOrg org() {
        return new SalesforceOrg(simulator);
    }

    RedisProcess redis() {
        return redis;
    }

    String apiKey() {
        return apiKey;
    }

    /** All that the services were given to keep for themselves. */
    List<String> secrets() {
        return List.of(apiKey, "demo-secret");
    }

    /** What a service has printed. */
    List<String> lines(String service) {
        return List.copyOf(lines.getOrDefault(service, List.of()));
    }

    private Map<String, String> publisherProperties() {
        var properties = new HashMap<String, String>();
        String org = "lightline.publisher.orgs.demo.";
        properties.put(org + "topics", SalesforceOrg.ORDERS);
        properties.put(org + "login-url", simulator.httpUri("").toString());
        properties.put(org + "client-id", "demo-client");
        properties.put(org + "client-secret", "demo-secret");
        properties.put(org + "endpoint-host", "127.0.0.1");
        properties.put(org + "endpoint-port", "" + simulator.grpcPort());
        properties.put(org + "plaintext", "true");
        properties.put(org + "settle-time", "0s");
        return properties;
    }

    private ServiceProcess service(String name, String module, int management, Map<String, String> properties) {
        properties.put("quarkus.management.host", "127.0.0.1");
        properties.put("quarkus.management.port", "" + management);
        return new ServiceProcess(
                new ServiceProcess.Settings(
                        name,
                        Path.of("..", module, "target", "quarkus-app", "quarkus-run.jar"),
                        properties,
                        URI.create("http://127.0.0.1:" + management + "/q/health/ready"),
                        Path.of(""),
                        environment),
                this::keep);
    }

    private void keep(String service, String line) {
        lines.computeIfAbsent(service, _ -> new CopyOnWriteArrayList<>()).add(line);
        log.line(service, line);
    }

    @Override
    public void close() {
        Stream.concat(Stream.of(simulator.process(), publisher), relays.stream().map(relay -> relay.process))
                .forEach(ServiceProcess::close);
        redis.close();
    }
}
