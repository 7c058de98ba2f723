package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Clients that behave well, on one channel that nobody has used before, and what they measure. */
final class Audience implements AutoCloseable {

    private static final int DIGITS = 3;
    private static final int OPENING_AT_ONCE = 200;

    private final String channel = "chat:bench-" + UUID.randomUUID();
    private final Recorder latencies = new Recorder(DIGITS);
    private final List<Subscriber.Joined> members;

    private Audience(EventLoopGroup loops, Pod pod, int size) {
        var opening = new Semaphore(OPENING_AT_ONCE);
        members = Stream.generate(() -> bounded(
                        opening,
                        () -> Subscriber.join(loops, pod, channel, WebSocketClient.Options.DEFAULT, latencies)))
                .limit(size)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static <T> CompletableFuture<T> bounded(Semaphore opening, Supplier<CompletableFuture<T>> task) {
        opening.acquireUninterruptibly();
        return task.get().whenComplete((_, _) -> opening.release());
    }

    /** Returns when all are subscribed. */
    static Audience gather(EventLoopGroup loops, Pod pod, int size) {
        return new Audience(loops, pod, size);
    }

    String channel() {
        return channel;
    }

    /** What was measured since the last call, in nanoseconds. */
    Histogram take() {
        return latencies.getIntervalHistogram();
    }

    /** How many have not got so many publications. */
    long behind(long published) {
        return members.stream()
                .filter(member -> member.subscriber().next() < published)
                .count();
    }

    /** Publications that came to any of them out of their turn. */
    long disorder() {
        return members.stream()
                .mapToLong(member -> member.subscriber().disorder())
                .sum();
    }

    /** How many were closed by the relay. */
    long lost() {
        return members.stream()
                .filter(member -> member.connection().closed().isDone())
                .count();
    }

    @Override
    public void close() {
        members.forEach(member -> member.connection().close());
    }
}
