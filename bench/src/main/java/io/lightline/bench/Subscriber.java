package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.HdrHistogram.Recorder;

/**
 * A client on one channel. It checks that publications come in order, without a hole and once; the channel has to be new, so that a
 * publication's number says its offset. Its counts are for its event loop; from elsewhere they may be looked at.
 */
final class Subscriber {

    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]*)\"");
    private static final Pattern RECOVERED = Pattern.compile("\"recovered\":true");

    /** What comes next, after the relay has said that something is lost. */
    private static final long UNKNOWN = -1;

    private final EventLoopGroup loops;
    private final Pod pod;
    private final String channel;
    private final Recorder latencies;
    private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private volatile String epoch = "";
    private volatile long next;
    private volatile long disorder;
    private volatile boolean measured;
    private volatile boolean recovering;
    private volatile boolean othersToo;

    private Subscriber(EventLoopGroup loops, Pod pod, String channel, Recorder latencies) {
        this.loops = loops;
        this.pod = pod;
        this.channel = channel;
        this.latencies = latencies;
    }

    /** One that is subscribed, and its socket. */
    record Joined(Subscriber subscriber, Connection connection) {

        /** Subscribes to another channel too; what comes there is read and not looked at. */
        Joined alsoOn(String another) {
            subscriber.othersToo = true;
            connection.send("{\"id\":3,\"subscribe\":{\"channel\":\"" + another + "\"}}");
            return this;
        }
    }

    /**
     * Subscribes from now on, which has to be before the first publication or to take it as the first.
     *
     * @param latencies of every publication, in nanoseconds from when it was due
     */
    static CompletableFuture<Joined> join(
            EventLoopGroup loops, Pod pod, String channel, WebSocketClient.Options options, Recorder latencies) {
        var subscriber = new Subscriber(loops, pod, channel, latencies);
        subscriber.measured = true;
        return subscriber.open(options, "\"channel\":\"" + channel + "\"").thenApply(subscriber::joined);
    }

    private Joined joined(Connection connection) {
        return new Joined(this, connection);
    }

    private CompletableFuture<Connection> open(WebSocketClient.Options options, String subscription) {
        return Connection.openPatiently(loops, pod.webSocket(), options, this::text, () -> {})
                .thenCompose(connection -> {
                    connection.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{" + subscription + "}}");
                    return answered.thenApply(_ -> connection);
                });
    }

    /**
     * Comes back on a socket of its own where it was.
     *
     * @return whether the relay had all that it missed; what it missed is not measured
     */
    CompletableFuture<Recovery> recover() {
        var back = new Subscriber(loops, pod, channel, latencies);
        back.next = next;
        back.recovering = true;
        String position =
                "\"channel\":\"" + channel + "\",\"recover\":true,\"epoch\":\"" + epoch + "\",\"offset\":" + next;
        return back.open(WebSocketClient.Options.DEFAULT, position)
                .thenCombine(back.answered, (connection, recovered) -> new Recovery(back, connection, recovered));
    }

    /** How somebody came back. */
    record Recovery(Subscriber subscriber, Connection connection, boolean recovered) {}

    /** The number of the publication that comes next. */
    long next() {
        return next;
    }

    /** Publications that were not the next one. */
    long disorder() {
        return disorder;
    }

    private void text(ByteBuf frame) {
        if (!answered.isDone()) {
            String reply = frame.toString(StandardCharsets.UTF_8);
            var found = EPOCH.matcher(reply);
            if (found.find()) {
                epoch = found.group(1);
                Payload.read(frame, this::publication);
                boolean recovered = RECOVERED.matcher(reply).find();
                if (recovering && !recovered) {
                    next = UNKNOWN;
                }
                answered.complete(recovered);
            }
            return;
        }
        if (!othersToo || isMine(frame)) {
            Payload.read(frame, this::publication);
        }
    }

    private boolean isMine(ByteBuf frame) {
        return frame.toString(StandardCharsets.UTF_8).contains("\"channel\":\"" + channel + "\"");
    }

    private void publication(long due, long number) {
        if (measured) {
            latencies.recordValue(Math.max(0, System.nanoTime() - due));
        }
        if (number != next && next != UNKNOWN) {
            disorder++;
        }
        next = number + 1;
    }
}
