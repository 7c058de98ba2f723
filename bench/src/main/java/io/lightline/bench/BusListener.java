package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A client on the channel of a Salesforce topic: counts the events, measures from when each was published in the org until it is
 * here (a field of the event says it in microseconds), and checks that the channel's offsets leave none out. Its counts are for its event
 * loop; from elsewhere they may be looked at.
 */
final class BusListener implements AutoCloseable {

    /** The first number field of {@code Order__e}, into which the simulator writes when an event was made. */
    private static final String MADE = "\"Amount__c\":";

    private static final String OFFSET = "\"offset\":";
    private static final String SUBSCRIBED = "\"subscribe\":{";
    private static final int DIGITS = 3;
    private static final long UNKNOWN = -1;

    private final Recorder latencies = new Recorder(DIGITS);
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final Connection connection;
    private volatile long events;
    private volatile long disorder;
    private volatile long lastOffset = UNKNOWN;

    private BusListener(EventLoopGroup loops, Pod pod, String channel) {
        connection = Connection.open(loops, pod.webSocket(), WebSocketClient.Options.DEFAULT, this::text)
                .join();
        connection.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        subscribed.join();
    }

    /** Returns when it is subscribed. */
    static BusListener on(EventLoopGroup loops, Pod pod, String channel) {
        return new BusListener(loops, pod, channel);
    }

    /** Events since it is here. */
    long events() {
        return events;
    }

    /** Events that did not follow the one before. */
    long disorder() {
        return disorder;
    }

    /** What was measured since the last call, in nanoseconds. */
    Histogram take() {
        return latencies.getIntervalHistogram();
    }

    @Override
    public void close() {
        connection.close();
    }

    private void text(ByteBuf frame) {
        frame.toString(StandardCharsets.UTF_8).lines().forEach(this::message);
    }

    private void message(String text) {
        int made = text.indexOf(MADE);
        if (made >= 0) {
            event(text, number(text, made + MADE.length()));
        } else if (text.contains(SUBSCRIBED)) {
            subscribed.complete(null);
        }
    }

    private void event(String text, double madeMicros) {
        long age = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - (long) madeMicros;
        latencies.recordValue(TimeUnit.MICROSECONDS.toNanos(Math.max(0, age)));
        // After the data, in which there is no such key.
        long offset = (long) number(text, text.lastIndexOf(OFFSET) + OFFSET.length());
        if (lastOffset != UNKNOWN && offset != lastOffset + 1) {
            disorder++;
        }
        lastOffset = offset;
        events++;
    }

    private static double number(String text, int begin) {
        int end = begin;
        while (",}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return Double.parseDouble(text.substring(begin, end));
    }
}
