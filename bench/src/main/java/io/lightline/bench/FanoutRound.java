package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * One round of one server: subscribers connect, messages flow for a while that does not count, and then for a while that does. What is
 * measured of the server is what Linux says of its processes.
 */
final class FanoutRound implements AutoCloseable {

    private static final int OPENING_AT_ONCE = 100;
    private static final int TRIES = 600;
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK = 50_000;
    private static final Duration LOOK_SETTLED = Duration.ofMillis(1);
    private static final int MEASURING = 1000;
    private static final int CONNECTIONS_AN_ADDRESS = 20_000;

    private final Server server;
    private final Shape shape;
    private final Tally tally = new Tally();
    private final List<String> channels;
    private final List<Feed> feeds;
    private final Sender sender;
    private final long[] numbers;
    private final String padding;
    private long published;

    /**
     * What flows.
     *
     * @param connections subscribers, each on one of the channels, evenly
     * @param rate messages a second; 0 for as fast as the window allows
     * @param window messages that may be under way when there is no rate
     * @param bytes of a message
     */
    record Shape(int connections, int channels, int rate, int window, int bytes) {

        int subscribersOfAChannel() {
            return connections / channels;
        }
    }

    private FanoutRound(EventLoopGroup loops, Server server, Shape shape, String name) {
        this.server = server;
        this.shape = shape;
        channels = IntStream.range(0, shape.channels())
                .mapToObj(i -> "bench:" + name + "-" + i)
                .toList();
        numbers = new long[shape.channels()];
        padding = "x"
                .repeat(Math.max(
                        0,
                        shape.bytes() - Payload.json(System.nanoTime(), 0, "").length()));
        feeds = subscribe(loops);
        sender = server.sender(loops);
    }

    /** Returns when all are subscribed. {@code name} is not used twice. */
    static FanoutRound prepare(EventLoopGroup loops, Server server, Shape shape, String name) {
        return new FanoutRound(loops, server, shape, name);
    }

    private List<Feed> subscribe(EventLoopGroup loops) {
        var opening = new Semaphore(OPENING_AT_ONCE);
        int every = Math.max(1, shape.connections() / MEASURING);
        return IntStream.range(0, shape.connections())
                .mapToObj(i -> {
                    opening.acquireUninterruptibly();
                    return open(loops, i, i % every == 0, TRIES).whenComplete((_, _) -> opening.release());
                })
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private CompletableFuture<Feed> open(EventLoopGroup loops, int index, boolean measures, int tries) {
        String channel = channels.get(index % channels.size());
        String source = "127.0.0." + (1 + index / CONNECTIONS_AN_ADDRESS);
        return Feed.open(loops, server, channel, source, tally, measures).exceptionallyCompose(refusal -> {
            if (tries == 1) {
                return CompletableFuture.failedFuture(refusal);
            }
            var later = CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> tries - 1, later)
                    .thenCompose(left -> open(loops, index, measures, left));
        });
    }

    /** Lets messages flow for a time that does not count. */
    void warmUp(Duration length) {
        flow(length);
    }

    /** Lets messages flow, and says what that cost. */
    Result measure(Duration length) {
        settle();
        tally.takeLatencies();
        long before = tally.delivered();
        List<Duration> cpuBefore = cpu();
        long begin = System.nanoTime();
        flow(length);
        settle();
        long nanos = System.nanoTime() - begin;
        List<Duration> cpuAfter = cpu();
        long serving = cpuAfter.getFirst().minus(cpuBefore.getFirst()).toNanos();
        long all = IntStream.range(0, cpuAfter.size())
                .mapToLong(i -> cpuAfter.get(i).minus(cpuBefore.get(i)).toNanos())
                .sum();
        return new Result(
                tally.delivered() - before,
                nanos,
                serving,
                all,
                tally.takeLatencies(),
                server.processes().getFirst().residentBytes(),
                tally.disorder(),
                published * shape.subscribersOfAChannel() - tally.delivered());
    }

    private List<Duration> cpu() {
        return server.processes().stream().map(ServerProcess::cpu).toList();
    }

    private void flow(Duration length) {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        if (shape.rate() > 0) {
            long interval = Duration.ofSeconds(1).dividedBy(shape.rate()).toNanos();
            for (long due = begin; due < end; due += interval) {
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                publish(due);
            }
        } else {
            while (System.nanoTime() < end) {
                while (underWay() < shape.window()) {
                    publish(System.nanoTime());
                }
                LockSupport.parkNanos(LOOK);
            }
        }
    }

    private void publish(long due) {
        int channel = (int) (published % channels.size());
        sender.publish(channels.get(channel), Payload.json(due, numbers[channel]++, padding));
        published++;
    }

    /** Messages that not all of their subscribers have, counted as if they were delivered one after the other. */
    private long underWay() {
        return published - tally.delivered() / shape.subscribersOfAChannel();
    }

    private void settle() {
        Stage.pass(PATIENCE, LOOK_SETTLED, () -> underWay() == 0);
    }

    /**
     * What was seen.
     *
     * @param serving processor time of the process that serves the subscribers, in nanoseconds
     * @param all of all processes of the server
     * @param residentBytes of the process that serves
     * @param disorder messages that came out of their turn, and connections that were lost, since the beginning
     * @param missing messages that did not come
     */
    record Result(
            long deliveries,
            long nanos,
            long serving,
            long all,
            Histogram latencies,
            long residentBytes,
            long disorder,
            long missing) {

        private static final double NANOS_A_SECOND = 1e9;
        private static final double NANOS_A_MILLI = 1e6;
        private static final double NANOS_A_MICRO = 1e3;

        double perSecond() {
            return deliveries * NANOS_A_SECOND / nanos;
        }

        double servingMicros() {
            return serving / NANOS_A_MICRO / deliveries;
        }

        double allMicros() {
            return all / NANOS_A_MICRO / deliveries;
        }

        double milliseconds(double percentile) {
            return latencies.getValueAtPercentile(percentile) / NANOS_A_MILLI;
        }
    }

    @Override
    public void close() {
        sender.close();
        feeds.forEach(Feed::close);
    }
}
