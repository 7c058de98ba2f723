package io.lightline.e2e;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A back end that publishes 0, 1, 2, … on each of some channels through the server API, at a steady rate, one channel after the
 * other. What was not acknowledged is sent again with the same idempotency key, so that each number is published once whatever
 * happens to the pod that takes it.
 */
final class NumberStream implements AutoCloseable {

    private static final int OK = 200;

    private final String name = UUID.randomUUID().toString();
    private final URI publish;
    private final List<String> channels;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private int acknowledged;

    private NumberStream(URI publish, List<String> channels) {
        this.publish = publish;
        this.channels = channels;
    }

    /** @param pause between two publications */
    static NumberStream start(URI publish, List<String> channels, Duration pause) {
        var stream = new NumberStream(publish, channels);
        var _ = stream.thread.scheduleAtFixedRate(stream::publishNext, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return stream;
    }

    /** Ends it, and says how many numbers each channel got. */
    Map<String, Integer> stop() {
        thread.close();
        var published = new HashMap<String, Integer>();
        for (int number = 0; number < acknowledged; number++) {
            published.merge(channel(number), 1, Integer::sum);
        }
        return published;
    }

    private void publishNext() {
        var body = Json.object()
                .put("channel", channel(acknowledged))
                .put("idempotency_key", name + acknowledged)
                .set("data", Json.object().put("number", acknowledged / channels.size()));
        try {
            var answer = Http.send("POST", publish, "X-API-Key", LoneRelay.API_KEY, body);
            if (answer.statusCode() == OK && Json.parse(answer.body()).has("result")) {
                acknowledged++;
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
