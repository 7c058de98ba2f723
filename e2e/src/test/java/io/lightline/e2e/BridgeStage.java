package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.localstack.FolderLog;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.lightline.localstack.ServiceProcess;
import io.lightline.localstack.Simulator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that lies between an org and a channel, to be broken: a Redis that keeps every acknowledged write, a simulated org, two
 * publishers that share its topics, a third one that shares with nobody, and a relay to look through. Leases, watchdogs and
 * pauses are short, so that a fault is noticed within seconds. The services' output is in {@code target/<name>}.
 */
final class BridgeStage implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(2);
    static final List<String> TOPICS = List.of(SalesforceOrg.ORDERS, SalesforceOrg.ACCOUNT_CHANGES);
    private static final Path PUBLISHER =
            Path.of("..", "publisher-service", "target", "quarkus-app", "quarkus-run.jar");
    private static final int PAGE = 300;
    private static final String KEPT = "1000000";

    private final FolderLog log;
    private final RedisProcess redis =
            RedisProcess.start(FreePort.next(), "--appendonly", "yes", "--appendfsync", "always");
    private final Simulator simulator;
    private final LoneRelay relay;
    private final List<ServiceProcess> publishers;
    private final ServiceProcess rival;

    private BridgeStage(String name) {
        log = new FolderLog(Path.of("target", name));
        simulator = Simulator.prepare(
                Map.of("lightline.simulator.keepalive", "500ms", "lightline.simulator.retention.events", KEPT), log);
        publishers = List.of(publisher("publisher-1", "shared"), publisher("publisher-2", "shared"));
        rival = publisher("rival", "rival");
        relay = LoneRelay.start(name, relayProperties());
    }

    /** Starts everything but the rival, and waits until the topics are read. */
    static BridgeStage start(String name) {
        var stage = new BridgeStage(name);
        try {
            stage.simulator.process().start();
            stage.simulator.process().awaitReady();
            stage.publishers.forEach(ServiceProcess::start);
            stage.publishers.forEach(ServiceProcess::awaitReady);
            return stage;
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    RedisProcess redis() {
        return redis;
    }

    SalesforceOrg org() {
        return new SalesforceOrg(simulator);
    }

    URI webSocketUri() {
        return relay.webSocketUri();
    }

    /** The publishers that share the topics. */
    List<ServiceProcess> publishers() {
        return publishers;
    }

    /** A publisher that knows nothing of the others' leases, and so reads what they read. Not started. */
    ServiceProcess rival() {
        return rival;
    }

    /** The data of all publications that a channel keeps, in order. */
    List<JsonNode> log(String channel) {
        var found = new ArrayList<JsonNode>();
        var request = Json.object().put("channel", channel).put("limit", PAGE);
        while (true) {
            var answer = Http.send("POST", relay.apiUri("history"), "X-API-Key", LoneRelay.API_KEY, request);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode result = Json.parse(answer.body()).path("result");
            var page = result.path("publications");
            if (page.isEmpty()) {
                return found;
            }
            page.forEach(publication -> found.add(publication.path("data")));
            request.set(
                    "since",
                    Json.object()
                            .put(
                                    "offset",
                                    page.get(page.size() - 1).path("offset").asLong())
                            .put("epoch", result.path("epoch").asText()));
        }
    }

    /** How many publications a channel has seen. */
    long top(String channel) {
        var request = Json.object().put("channel", channel).put("limit", 0);
        var answer = Http.send("POST", relay.apiUri("history"), "X-API-Key", LoneRelay.API_KEY, request);
        return Json.parse(answer.body()).path("result").path("offset").asLong();
    }

    /** Everything works again, whatever was done to it. */
    void heal() {
        org().blackHole(false);
        org().clearFaults();
        publishers.stream().filter(publisher -> !publisher.isAlive()).forEach(ServiceProcess::start);
        publishers.forEach(publisher -> await().atMost(LIMIT).until(publisher::isReady));
    }

    @Override
    public void close() {
        Stream.concat(publishers.stream(), Stream.of(rival, simulator.process()))
                .forEach(ServiceProcess::close);
        relay.close();
        redis.close();
    }

    private ServiceProcess publisher(String name, String group) {
        int management = FreePort.next();
        var properties = new HashMap<String, String>();
        properties.put("quarkus.management.host", "127.0.0.1");
        properties.put("quarkus.management.port", "" + management);
        properties.put("quarkus.redis.hosts", redis.uri().toString());
        properties.put("lightline.backplane.durable", "true");
        properties.put("lightline.backplane.timeout", "2s");
        properties.put("lightline.publisher.history.size", KEPT);
        properties.put("lightline.publisher.lease.group", group);
        properties.put("lightline.publisher.lease.ttl", "2s");
        properties.put("lightline.publisher.lease.interval", "200ms");
        String org = "lightline.publisher.orgs.demo.";
        properties.put(org + "topics", String.join(",", TOPICS));
        properties.put(org + "login-url", simulator.httpUri("").toString());
        properties.put(org + "client-id", "demo-client");
        properties.put(org + "client-secret", "demo-secret");
        properties.put(org + "endpoint-host", "127.0.0.1");
        properties.put(org + "endpoint-port", "" + simulator.grpcPort());
        properties.put(org + "plaintext", "true");
        // No start at the latest events may miss one: the log is compared from the first event on.
        properties.put(org + "initial-replay", "earliest");
        properties.put(org + "retry-delay", "50ms");
        properties.put(org + "max-retry-delay", "500ms");
        properties.put(org + "watchdog", "2s");
        return new ServiceProcess(
                new ServiceProcess.Settings(
                        name, PUBLISHER, properties, URI.create("http://127.0.0.1:" + management + "/q/health/ready")),
                log);
    }

    private Map<String, String> relayProperties() {
        String namespaces = "lightline.tenants.demo.namespaces.";
        return Map.of(
                "lightline.backplane.type",
                "redis",
                "quarkus.redis.hosts",
                redis.uri().toString(),
                "lightline.backplane.durable",
                "true",
                namespaces + "events.prefix",
                "/event/",
                namespaces + "events.history-size",
                KEPT,
                namespaces + "events.history-ttl",
                "72h",
                namespaces + "changes.prefix",
                "/data/",
                namespaces + "changes.history-size",
                KEPT,
                namespaces + "changes.history-ttl",
                "72h");
    }
}
