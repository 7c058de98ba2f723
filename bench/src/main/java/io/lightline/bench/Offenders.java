package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that mean no good. Their methods return at once, and tell in the end how they were closed. */
final class Offenders {

    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_64_BITS = 127;
    private static final int FRAMES_A_WRITE = 1_000;
    private static final int OPENING_AT_ONCE = 200;
    private static final int OF_ONE_ADDRESS = 5_000;
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

    private final EventLoopGroup loops;
    private final Pod pod;

    Offenders(EventLoopGroup loops, Pod pod) {
        this.loops = loops;
        this.pod = pod;
    }

    /** Sends so many commands as fast as the socket takes them, and comes back each time that it is closed before it is done. */
    CompletableFuture<Map<Integer, Integer>> flood(int frames) {
        var codes = new TreeMap<Integer, Integer>();
        return flood(new AtomicInteger(frames), codes).thenApply(_ -> codes);
    }

    private CompletableFuture<Integer> flood(AtomicInteger left, Map<Integer, Integer> codes) {
        return Connection.open(loops, pod.webSocket(), WebSocketClient.Options.DEFAULT, _ -> {})
                .thenCompose(connection -> {
                    connection.send(CONNECT);
                    connection.channel().eventLoop().execute(() -> write(connection.channel(), left));
                    return connection.closed();
                })
                .thenCompose(code -> {
                    codes.merge(code, 1, Integer::sum);
                    return left.get() > 0 ? flood(left, codes) : CompletableFuture.completedFuture(code);
                });
    }

    /** The next lot when the last one is with the system. */
    private static void write(Channel channel, AtomicInteger left) {
        if (left.get() > 0 && channel.isActive()) {
            channel.writeAndFlush(burst()).addListener(written -> {
                if (written.isSuccess()) {
                    left.addAndGet(-FRAMES_A_WRITE);
                    channel.eventLoop().execute(() -> write(channel, left));
                }
            });
        }
    }

    private static ByteBuf burst() {
        byte[] command = "{\"id\":2,\"ping\":{}}".getBytes(StandardCharsets.US_ASCII);
        ByteBuf burst = Unpooled.buffer();
        for (int i = 0; i < FRAMES_A_WRITE; i++) {
            // A mask of zeros is legal and leaves the payload as it is.
            burst.writeByte(FINAL_TEXT)
                    .writeByte(MASKED | command.length)
                    .writeInt(0)
                    .writeBytes(command);
        }
        return burst;
    }

    /** Announces a frame of so many bytes, and begins to send it. */
    CompletableFuture<Integer> announce(long bytes) {
        return Connection.open(loops, pod.webSocket(), WebSocketClient.Options.DEFAULT, _ -> {})
                .thenCompose(connection -> {
                    connection.send(CONNECT);
                    ByteBuf header = Unpooled.buffer()
                            .writeByte(FINAL_TEXT)
                            .writeByte(MASKED | LENGTH_IN_64_BITS)
                            .writeLong(bytes)
                            .writeInt(0)
                            .writeZero(FRAMES_A_WRITE);
                    var _ = connection.channel().writeAndFlush(header);
                    return connection.closed();
                });
    }

    /** Opens so many sockets as fast as it can, again when the relay refuses one, and says nothing on them. */
    CompletableFuture<Crowd> silence(int sockets) {
        var crowd = new Opening(sockets);
        Thread.ofPlatform().daemon().name("silence").start(crowd);
        return crowd.done;
    }

    /**
     * What became of silent sockets.
     *
     * @param opened all in all
     * @param refused how often the relay did not let one in
     * @param codes that they were closed with, and how many each
     */
    record Crowd(int opened, int refused, Map<Integer, Integer> codes) {}

    private final class Opening implements Runnable {

        private final CompletableFuture<Crowd> done = new CompletableFuture<>();
        private final List<CompletableFuture<Integer>> closed = new ArrayList<>();
        private final Semaphore opening = new Semaphore(OPENING_AT_ONCE);
        private final AtomicInteger refused = new AtomicInteger();
        private final int sockets;

        Opening(int sockets) {
            this.sockets = sockets;
        }

        @Override
        public void run() {
            try {
                done.complete(crowd());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }

        private Crowd crowd() {
            for (int i = 0; i < sockets; i++) {
                opening.acquireUninterruptibly();
                closed.add(open("127.0.0." + (2 + i / OF_ONE_ADDRESS)));
            }
            var codes = new TreeMap<Integer, Integer>();
            closed.forEach(one -> codes.merge(one.join(), 1, Integer::sum));
            return new Crowd(sockets, refused.get(), codes);
        }

        /** Its place is free when the socket is there, however often that is tried, or will never be. */
        private CompletableFuture<Integer> open(String source) {
            return Connection.openPatiently(
                            loops,
                            pod.webSocket(),
                            new WebSocketClient.Options(source, 0),
                            _ -> {},
                            refused::incrementAndGet)
                    .whenComplete((_, _) -> opening.release())
                    .thenCompose(Connection::closed);
        }
    }
}
