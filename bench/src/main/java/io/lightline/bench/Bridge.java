package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From Salesforce to a browser: the simulated org publishes on one topic, a client of one pod listens. How many events a second go
 * through when the org publishes as fast as they are taken; how long an event is under way at a steady rate; does the publisher's
 * memory stay where it is; and what each process needs for an event. The table's process is the publisher.
 */
final class Bridge {

    private static final String NAME = "bridge";
    private static final int WARM_UP_EVENTS = 100_000;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration MEMORY_STEP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MEBI = 1 << 20;

    private final Settings settings;
    private final Report report = new Report(NAME);
    private final Pod publisher;
    private final EventSource source;
    private final RedisCalls redis;
    private final ServerProcess publisherProcess;
    private final List<Part> parts;

    private Bridge(Settings settings) {
        this.settings = settings;
        this.publisher = new Pod(settings.publisher(), settings.publisher());
        this.source = new EventSource(settings.simulator());
        this.redis = new RedisCalls(settings.redis());
        this.publisherProcess = ServerProcess.listeningOn(settings.publisher().getPort());
        this.parts = List.of(
                new Part(
                        "simulator",
                        ServerProcess.listeningOn(settings.simulator().getPort())),
                new Part("publisher", publisherProcess),
                new Part("Redis", ServerProcess.listeningOn(settings.redis())),
                new Part(
                        "relay",
                        ServerProcess.listeningOn(settings.pod().address().getPort())));
    }

    /** A process on the way of an event. */
    private record Part(String name, ServerProcess process) {}

    static Report run(Settings settings) {
        return new Bridge(settings).run();
    }

    private Report run() {
        EventLoopGroup loops = new NioEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("listener-", 0).factory());
        try (var listener = BusListener.on(loops, settings.pod(), EventSource.TOPIC)) {
            System.out.println("... warms up");
            measure("warm-up", listener, 0, WARM_UP_EVENTS);

            Phase flatOut = measure("as fast as it goes", listener, 0, settings.events());
            report.add(flatOut);
            report.add(
                    "events a second, as fast as it goes",
                    "%.0f"
                            .formatted(flatOut.latencies().getTotalCount()
                                    * 1e9
                                    / flatOut.length().toNanos()));

            long paced = (long) settings.eventRate() * settings.seconds();
            report.add(measure(settings.eventRate() + " events a second", listener, settings.eventRate(), paced));

            report.add("payload bytes of an event", settings.eventBytes());
            report.add("listener's publications out of order, missing or repeated", listener.disorder());
            report.add("publisher refused by the backplane", (long)
                    publisher.metrics().sum("lightline_publisher_refused_total"));
            return report;
        } finally {
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** From the first event to when the listener has the last one. */
    private Phase measure(String name, BusListener listener, double rate, long count) {
        System.out.println("... " + name);
        long until = listener.events() + count;
        long calls = redis.scripts();
        listener.take();
        List<Duration> before = used();
        var memory = new ArrayList<Long>();
        long begin = System.nanoTime();
        try (var watch = Watch.start(publisher)) {
            String load = source.start(rate, settings.eventBytes(), count);
            while (listener.events() < until) {
                long seen = listener.events();
                boolean done = Stage.pass(rate > 0 ? MEMORY_STEP : STEP, () -> listener.events() >= until);
                memory.add(publisherProcess.residentBytes() / MEBI);
                if (!done && listener.events() == seen && !source.look(load).running()) {
                    Stage.pass(PATIENCE, () -> listener.events() >= until);
                    break;
                }
            }
            var phase = new Phase(name, Duration.ofNanos(System.nanoTime() - begin), listener.take(), watch.seen());
            explain(name, count, before);
            report.add(
                    "events in a call of Redis, " + name,
                    "%.1f".formatted((double) count / Math.max(1, redis.scripts() - calls)));
            report.add("publisher's memory over the time, " + name, memory + " MiB");
            report.add("events that did not arrive, " + name, until - listener.events());
            return phase;
        }
    }

    private void explain(String name, long count, List<Duration> before) {
        List<Duration> now = used();
        for (int i = 0; i < parts.size(); i++) {
            report.add(
                    parts.get(i).name() + "'s processor time for an event, " + name,
                    "%.1f us".formatted(now.get(i).minus(before.get(i)).toNanos() / 1000.0 / count));
        }
    }

    private List<Duration> used() {
        return parts.stream().map(part -> part.process().cpu()).toList();
    }
}
