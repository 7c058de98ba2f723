package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What a delivery costs: one server after the other, several rounds by turns, so that what else happens on the machine meets all of them
 * alike. The same load generator, the same messages, the same clock for each.
 */
final class Fanout {

    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(20);
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final String scenario;
    private final Settings settings;
    private final FanoutRound.Shape shape;
    private final Set<String> warm = new HashSet<>();

    private Fanout(String scenario, Settings settings, FanoutRound.Shape shape) {
        this.scenario = scenario;
        this.settings = settings;
        this.shape = shape;
    }

    /** One channel, messages at a steady rate: what a lone message costs, and how long it is under way. */
    static Report paced(Settings settings) {
        var fanout = settings.fanout();
        return new Fanout(
                        "fanout-paced",
                        settings,
                        new FanoutRound.Shape(fanout.subscribers(), 1, fanout.rate(), 0, fanout.bytes()))
                .run();
    }

    /** One channel, messages as fast as they are delivered. */
    static Report saturated(Settings settings) {
        var fanout = settings.fanout();
        return new Fanout(
                        "fanout-saturated",
                        settings,
                        new FanoutRound.Shape(fanout.subscribers(), 1, 0, fanout.window(), fanout.bytes()))
                .run();
    }

    /** Many channels with few subscribers each, messages as fast as they are delivered. */
    static Report channels(Settings settings) {
        var fanout = settings.fanout();
        return new Fanout(
                        "fanout-channels",
                        settings,
                        new FanoutRound.Shape(
                                fanout.connections(), fanout.channels(), 0, fanout.channels(), fanout.bytes()))
                .run();
    }

    private Report run() {
        EventLoopGroup loops = new NioEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("feeds-", 0).factory());
        List<Server> servers = new ArrayList<>();
        Map<String, List<FanoutRound.Result>> results = new LinkedHashMap<>();
        try {
            for (String name : settings.servers()) {
                servers.add(start(name));
            }
            for (int round = 1; round <= settings.fanout().rounds(); round++) {
                for (Server server : servers) {
                    System.out.println("... " + scenario + ", round " + round + ", " + server.name());
                    results.computeIfAbsent(server.name(), _ -> new ArrayList<>())
                            .add(round(loops, server));
                }
            }
        } finally {
            servers.forEach(Server::close);
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return report(results);
    }

    private Report report(Map<String, List<FanoutRound.Result>> results) {
        var report = new Report(scenario);
        List<FanoutSummary> servers = results.entrySet().stream()
                .map(entry -> FanoutSummary.of(entry.getKey(), entry.getValue()))
                .toList();
        servers.forEach(report::add);
        FanoutSummary ours = servers.getFirst();
        for (FanoutSummary peer : servers.subList(1, servers.size())) {
            report.add(
                    "deliveries/s of " + ours.server() + " / " + peer.server(),
                    "%.2f".formatted(ours.perSecond() / peer.perSecond()));
            report.add(
                    "processor time for a delivery of " + ours.server() + " / " + peer.server(),
                    "%.2f".formatted(ours.servingMicros() / peer.servingMicros()));
            report.add(
                    "p99 of " + ours.server() + " / " + peer.server(),
                    "%.2f".formatted(ours.p99Millis() / peer.p99Millis()));
        }
        return report;
    }

    private FanoutRound.Result round(EventLoopGroup loops, Server server) {
        try (var round =
                FanoutRound.prepare(loops, server, shape, UUID.randomUUID().toString())) {
            round.warmUp(warm.add(server.name()) ? FIRST_WARM_UP : WARM_UP);
            return round.measure(Duration.ofSeconds(settings.seconds()));
        }
    }

    private Server start(String name) {
        try {
            Files.createDirectories(settings.output());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + settings.output(), e);
        }
        return switch (name) {
            case "lightline" -> LightlineServer.onePod(settings);
            case "lightline-two-pods" -> LightlineServer.acrossPods(settings);
            case "socket.io" -> SocketIoServer.start(settings.peers(), settings.output(), settings.redis());
            case "nats" -> NatsServer.start(settings.output());
            case "nchan" -> NchanServer.start(settings.output());
            default ->
                throw new IllegalArgumentException(
                        "No server " + name + "; there are lightline, lightline-two-pods, socket.io, nats, nchan");
        };
    }
}
