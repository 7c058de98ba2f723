package io.lightline.localstack;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * All of Lightline on this machine, each part a process of its own: Redis, a simulated Salesforce org, the publisher and
 * two relays. Everything listens on 127.0.0.1 only. {@link #start} returns when all of it is ready; {@link #close} stops
 * all of it and leaves nothing behind, and may be called from another thread at any time.
 */
public final class LocalStack implements AutoCloseable {

    private final DemoPage page;
    private final Optional<LabPage> lab;
    private final RedisProcess redis;
    private final Simulator simulator;
    private final List<RelayPod> relays = new ArrayList<>();
    private final ServiceProcess publisher;

    private LocalStack(Ports ports, Path project, StackLog log) {
        redis = RedisProcess.prepare(ports.redis(), "--appendonly", "yes");
        simulator = Simulator.of(ports, Program.SIMULATOR.jar(project), log);
        page = DemoPage.layOut(ports.relays());
        lab = LabPage.of(project);
        lab.ifPresent(built -> built.layOut(page.folder(), ports.relays(), simulator));
        for (var relay : ports.relays()) {
            relays.add(new RelayPod(
                    "relay-" + (relays.size() + 1), relay, redis, page.folder(), Program.RELAY.jar(project), log));
        }
        publisher = new ServiceProcess(
                new ServiceProcess.Settings(
                        "publisher",
                        Program.PUBLISHER.jar(project),
                        publisherProperties(ports, redis, simulator),
                        URI.create("http://127.0.0.1:" + ports.publisherManagement() + "/q/health/ready")),
                log);
    }

    /**
     * Starts everything and waits until it is ready.
     *
     * @throws StackException when a port is taken or a jar is missing (then nothing was started), or when a service does not
     *     come up (then everything is stopped again)
     */
    public static LocalStack start(Ports ports, StackLog log) {
        var stack = prepare(ports, log);
        try {
            stack.start();
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** A stack of which nothing runs before {@link #start()}. */
    static LocalStack prepare(Ports ports, StackLog log) {
        Path project = Program.project();
        Program.requireBuilt(project);
        ports.requireFree();
        return new LocalStack(ports, project, log);
    }

    void start() {
        redis.restart();
        simulator.process().start();
        relays.forEach(relay -> relay.process().start());
        // The publisher last, so that its first attempt to log in succeeds and nobody waits for a second one.
        simulator.process().awaitReady();
        publisher.start();
        services().forEach(ServiceProcess::awaitReady);
    }

    public RedisProcess redis() {
        return redis;
    }

    public Simulator simulator() {
        return simulator;
    }

    public ServiceProcess publisher() {
        return publisher;
    }

    /** A pod; counted from 0, in the order of {@link Ports#relays}. */
    public RelayPod relay(int index) {
        return relays.get(index);
    }

    public List<RelayPod> relays() {
        return List.copyOf(relays);
    }

    /** The page of the experiment, on the first relay; nothing when it was not built, for which it takes Node.js. */
    public Optional<URI> labUri() {
        return lab.map(_ -> relay(0).pageUri().resolve(LabPage.PATH));
    }

    /** Completes with the first of the running processes that ends. */
    CompletableFuture<Death> firstDeath() {
        var deaths = Stream.concat(
                services()
                        .map(service -> service.onExit()
                                .thenApply(ended -> new Death(service.name(), ended.exitValue(), service.lastLines()))),
                Stream.of(redis.onExit().thenApply(ended -> new Death("redis", ended.exitValue(), redis.lastLines()))));
        return CompletableFuture.anyOf(deaths.toArray(CompletableFuture[]::new)).thenApply(Death.class::cast);
    }

    /** A process that has ended: which one, its exit code, and what it printed last. */
    record Death(String service, int exitCode, List<String> lastLines) {}

    /** Ends the services side by side, and then Redis. */
    @Override
    public void close() {
        services().forEach(ServiceProcess::askToStop);
        services().forEach(ServiceProcess::close);
        redis.close();
        page.close();
    }

    private Stream<ServiceProcess> services() {
        return Stream.concat(
                Stream.of(simulator.process(), publisher), relays.stream().map(RelayPod::process));
    }

    private static Map<String, String> publisherProperties(Ports ports, RedisProcess redis, Simulator simulator) {
        var properties = new HashMap<String, String>();
        properties.put("quarkus.management.host", "127.0.0.1");
        properties.put("quarkus.management.port", "" + ports.publisherManagement());
        properties.put("quarkus.redis.hosts", redis.uri().toString());
        // A replica that is killed and started again here has itself to wait for.
        properties.put("lightline.publisher.lease.ttl", "3s");
        String org = "lightline.publisher.orgs." + DemoTenant.ID + ".";
        properties.put(org + "topics", DemoTenant.ORDERS + "," + DemoTenant.LAB + ",/data/AccountChangeEvent");
        properties.put(org + "publish-topics", DemoTenant.ORDERS);
        properties.put(org + "login-url", simulator.httpUri("").toString());
        properties.put(org + "client-id", "demo-client");
        properties.put(org + "client-secret", "demo-secret");
        properties.put(org + "endpoint-host", "127.0.0.1");
        properties.put(org + "endpoint-port", "" + simulator.grpcPort());
        properties.put(org + "plaintext", "true");
        // This org is next door: a subscription is in force sooner than with the real one.
        properties.put(org + "settle-time", "2s");
        return properties;
    }
}
