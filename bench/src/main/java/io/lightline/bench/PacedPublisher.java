package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes at a steady rate, from a thread of its own, without waiting for answers. Each publication carries the time at which it was
 * due: when this process or the relay falls behind, that counts as latency and is not left out (no coordinated omission).
 */
final class PacedPublisher implements AutoCloseable {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ERROR = "\"error\"";

    private final String channel;
    private final long interval;
    private final String padding;
    private final AtomicLong refused = new AtomicLong();
    private final Connection connection;
    private final Thread thread = Thread.ofPlatform().daemon().name("publisher").unstarted(this::run);
    private volatile boolean stopped;
    private volatile long published;

    private PacedPublisher(EventLoopGroup loops, Pod pod, String channel, int rate, int bytes) {
        this.channel = channel;
        this.interval = SECOND.dividedBy(rate).toNanos();
        this.padding = "x".repeat(bytes);
        var connected = new CompletableFuture<Boolean>();
        this.connection = Connection.open(loops, pod.webSocket(), WebSocketClient.Options.DEFAULT, reply -> {
                    connected.complete(true);
                    if (reply.toString(StandardCharsets.UTF_8).contains(ERROR)) {
                        refused.incrementAndGet();
                    }
                })
                .join();
        connection.send("{\"id\":1,\"connect\":{}}");
        connected.join();
    }

    static PacedPublisher start(EventLoopGroup loops, Pod pod, String channel, int rate, int bytes) {
        var publisher = new PacedPublisher(loops, pod, channel, rate, bytes);
        publisher.thread.start();
        return publisher;
    }

    /** Up to now, without those that the relay has refused. */
    long published() {
        return published - refused.get();
    }

    private void run() {
        long due = System.nanoTime();
        while (!stopped) {
            sleepUntil(due);
            connection.send("{\"id\":" + (published + 2) + ",\"publish\":{\"channel\":\"" + channel + "\",\"data\":"
                    + Payload.json(due, published, padding) + "}}");
            published++;
            due += interval;
        }
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
