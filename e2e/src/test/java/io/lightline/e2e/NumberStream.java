package io.lightline.e2e;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A back end that publishes 0, 1, 2, … on each of some channels through the server API, at a steady rate, one channel after the
 * other. What was not acknowledged is sent again with the same idempotency key, so that each number is published once whatever
 * happens to the pod that takes it.
 */
final class NumberStream implements AutoCloseable {

    private static final int OK = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String name = UUID.randomUUID().toString();
    private final URI publish;
    private final List<String> channels;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final ScheduledFuture<?> publishing;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean inDoubt;

    private NumberStream(URI publish, List<String> channels, Duration pause) {
        this.publish = publish;
        this.channels = channels;
        this.publishing = thread.scheduleAtFixedRate(this::publishNext, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param pause between two publications */
    static NumberStream start(URI publish, List<String> channels, Duration pause) {
        return new NumberStream(publish, channels, pause);
    }

    /** Numbers that are published for certain, on all channels together. */
    int acknowledged() {
        return acknowledged.get();
    }

    /**
     * Ends it, and says how many numbers each channel got. The last one is sent until it is acknowledged.
     *
     * @throws IllegalStateException when it has ended by itself before
     */
    Map<String, Integer> stop() {
        if (publishing.state() == Future.State.FAILED) {
            throw new IllegalStateException(
                    "The stream ended after " + acknowledged + " numbers", publishing.exceptionNow());
        }
        thread.close();
        await().atMost(LIMIT).until(this::nothingIsInDoubt);
        var published = new HashMap<String, Integer>();
        for (int number = 0; number < acknowledged.get(); number++) {
            published.merge(channel(number), 1, Integer::sum);
        }
        return published;
    }

    private boolean nothingIsInDoubt() {
        if (inDoubt) {
            publishNext();
        }
        return !inDoubt;
    }

    private void publishNext() {
        inDoubt = true;
        int number = acknowledged.get();
        var body = Json.object()
                .put("channel", channel(number))
                .put("idempotency_key", name + number)
                .set("data", Json.object().put("number", number / channels.size()));
        try {
            var answer = Http.send("POST", publish, "X-API-Key", LoneRelay.API_KEY, body);
            if (answer.statusCode() == OK && Json.parse(answer.body()).has("result")) {
                acknowledged.incrementAndGet();
                inDoubt = false;
            }
        } catch (UncheckedIOException unknown) {
            // Next time.
        }
    }

    private String channel(int number) {
        return channels.get(number % channels.size());
    }

    @Override
    public void close() {
        thread.close();
    }
}
