package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How many publications one relay takes and writes to Redis, with history, in batches of the server API: as fast as it goes, and at half
 * that rate how long one takes. Nobody listens.
 */
final class Publications {

    private static final String NAME = "publications";
    private static final int BATCH = 100;
    private static final int CONNECTIONS = 4;
    private static final int BATCHES_UNDER_WAY = 32;
    private static final int CHANNELS = 100;
    private static final int DIGITS = 3;
    private static final double MILLI = 1e6;
    private static final double MICRO = 1e3;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Settings settings;
    private final Recorder latencies = new Recorder(DIGITS);
    private final LongAdder published = new LongAdder();
    private final Semaphore room = new Semaphore(BATCHES_UNDER_WAY);
    private final List<byte[]> batches;
    private List<HttpConnection> connections = List.of();
    private int next;

    private Publications(Settings settings) {
        this.settings = settings;
        String run = UUID.randomUUID().toString();
        batches = IntStream.range(0, CHANNELS)
                .mapToObj(channel -> batch(run, channel))
                .toList();
    }

    static Report run(Settings settings) {
        return new Publications(settings).run();
    }

    /** Each goes to one channel, as what one publisher has to say would, and to the next one of a hundred each time. */
    private byte[] batch(String run, int channel) {
        String data = "\"" + "x".repeat(settings.fanout().bytes()) + "\"";
        String command = "{\"publish\":{\"channel\":\"bench:" + run + "-" + channel + "\",\"data\":" + data + "}}";
        return ("{\"parallel\":true,\"commands\":["
                        + String.join(
                                ",",
                                IntStream.range(0, BATCH).mapToObj(_ -> command).toList())
                        + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Report run() {
        EventLoopGroup loops = new NioEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("publications-", 0).factory());
        var report = new Report(NAME);
        try {
            connections = IntStream.range(0, CONNECTIONS)
                    .mapToObj(_ -> new HttpConnection(
                            loops,
                            settings.pod().address(),
                            Map.of("X-API-Key", "demo", "Content-Type", "application/json")))
                    .toList();
            flow(WARM_UP, 0);
            double most = measure(report, "as fast as it goes", 0);
            measure(report, "at half that rate", most / 2);
        } finally {
            connections.forEach(HttpConnection::close);
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return report;
    }

    private double measure(Report report, String phase, double rate) {
        System.out.println("... " + phase);
        var pod = ServerProcess.listeningOn(settings.pod().address().getPort());
        var redis = ServerProcess.listeningOn(settings.redis());
        latencies.getIntervalHistogram();
        long before = published.sum();
        Duration podBefore = pod.cpu();
        Duration redisBefore = redis.cpu();
        long begin = System.nanoTime();
        flow(Duration.ofSeconds(settings.seconds()), rate);
        double seconds = (System.nanoTime() - begin) / (MILLI * MICRO);
        long count = published.sum() - before;
        Histogram took = latencies.getIntervalHistogram();
        report.add(phase + ": publications/s", "%.0f".formatted(count / seconds));
        report.add(
                phase + ": a batch of " + BATCH + " took p50 / p99 ms",
                "%.1f / %.1f"
                        .formatted(took.getValueAtPercentile(P50) / MILLI, took.getValueAtPercentile(P99) / MILLI));
        report.add(
                phase + ": processor time for one, relay / Redis, us",
                "%.1f / %.1f"
                        .formatted(
                                micros(pod.cpu().minus(podBefore), count),
                                micros(redis.cpu().minus(redisBefore), count)));
        return count / seconds;
    }

    private static double micros(Duration time, long count) {
        return time.toNanos() / MICRO / count;
    }

    /** Latency counts from when a batch was due. {@code rate} 0: as many as there is room for. */
    private void flow(Duration length, double rate) {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        long interval = rate == 0 ? 0 : (long) (BATCH / rate * MILLI * MICRO);
        for (long due = begin; due < end; due = interval == 0 ? System.nanoTime() : due + interval) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (interval == 0) {
                room.acquireUninterruptibly();
                send(System.nanoTime(), true);
            } else {
                send(due, false);
            }
        }
        long sent = next;
        if (!Stage.pass(PATIENCE, Duration.ofMillis(1), () -> published.sum() >= sent * BATCH)) {
            throw new IllegalStateException(
                    "Of " + sent * BATCH + " publications " + published.sum() + " are answered");
        }
    }

    private void send(long due, boolean bounded) {
        int turn = next++;
        var _ = connections
                .get(turn % CONNECTIONS)
                .post("/api/batch", batches.get(turn % CHANNELS))
                .whenComplete((_, refusal) -> {
                    if (bounded) {
                        room.release();
                    }
                    if (refusal == null) {
                        published.add(BATCH);
                        latencies.recordValue(Math.max(0, System.nanoTime() - due));
                    } else {
                        System.err.println(refusal.getMessage());
                    }
                });
    }
}
