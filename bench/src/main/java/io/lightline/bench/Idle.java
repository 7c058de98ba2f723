package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What a connection costs that does nothing: clients with one subscription each, half of them on each pod, ten to a channel. */
final class Idle {

    private static final String NAME = "idle";
    private static final int TO_A_CHANNEL = 10;
    private static final double KIBI = 1024;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private Idle() {}

    static Report run(Settings settings) {
        EventLoopGroup loops = new NioEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("idle-", 0).factory());
        var report = new Report(NAME);
        List<FanoutRound> held = new ArrayList<>();
        try {
            // The first few make the JVM load and compile what all others use.
            int few = settings.fanout().connections() / TO_A_CHANNEL;
            for (Pod pod : List.of(settings.pod(), settings.other())) {
                held.add(connect(loops, settings, pod, few));
            }
            Stage.pass(SETTLE, () -> false);
            Memory first = Memory.of(settings.pod());
            long begin = System.nanoTime();
            for (Pod pod : List.of(settings.pod(), settings.other())) {
                held.add(connect(loops, settings, pod, settings.fanout().connections() / 2));
            }
            double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
            Stage.pass(SETTLE, () -> false);
            Memory last = Memory.of(settings.pod());
            int more = settings.fanout().connections() / 2;
            report.add("connections, both pods", settings.fanout().connections() + 2 * few);
            report.add("seconds to connect", "%.1f".formatted(seconds));
            report.add(
                    "resident KiB for a connection", "%.1f".formatted((last.resident - first.resident) / KIBI / more));
            report.add("heap KiB for a connection", "%.1f".formatted((last.heap - first.heap) / KIBI / more));
            report.add("resident MiB before / after", first.resident / (1 << 20) + " / " + last.resident / (1 << 20));
            return report;
        } finally {
            held.forEach(FanoutRound::close);
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static FanoutRound connect(EventLoopGroup loops, Settings settings, Pod pod, int connections) {
        int channels = Math.max(1, connections / TO_A_CHANNEL);
        var shape = new FanoutRound.Shape(
                connections, channels, 0, 0, settings.fanout().bytes());
        return FanoutRound.prepare(
                loops,
                LightlineServer.on(pod, settings.redis()),
                shape,
                UUID.randomUUID().toString());
    }

    /** After a collection, so that it is what is held and not what was used. */
    private record Memory(long resident, long heap) {

        static Memory of(Pod pod) {
            var process = ServerProcess.listeningOn(pod.address().getPort());
            collect(process.pid());
            return new Memory(process.residentBytes(), pod.metrics().heapBytes());
        }

        private static void collect(long pid) {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            try {
                int exit = new ProcessBuilder(jcmd.toString(), "" + pid, "GC.run")
                        .start()
                        .waitFor();
                if (exit != 0) {
                    throw new IllegalStateException(jcmd + " ended with " + exit);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot run " + jcmd, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }
    }
}
