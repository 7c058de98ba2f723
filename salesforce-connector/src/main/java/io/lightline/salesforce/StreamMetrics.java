package io.lightline.salesforce;

import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/**
 * How one topic does, as metrics under {@code lightline.salesforce} with the tags {@code org} and {@code topic}. Needs Micrometer,
 * which the connector itself does not. May be used from any thread; closing it takes the metrics away, so that a topic that
 * moved to another process is not alerted on here.
 *
 * <p>Counters: {@code received}, {@code delivered}, {@code undecodable}, {@code discarded}, {@code refused}, {@code gaps}, and
 * {@code reconnects} by {@code cause}. Gauges: {@code ready}, {@code halted}, {@code unanswered}, {@code credits}, and in seconds
 * {@code lag}, {@code last.response.age}, {@code checkpoint.age}. What each means: {@link StreamStatus}.
 *
 * <p>{@code received = delivered + undecodable + discarded} holds once none waits. Alert on any rise of {@code gaps} and {@code
 * undecodable}, on {@code halted} 1, on {@code ready} 0 for minutes, on {@code last.response.age} above the watchdog, on {@code
 * checkpoint.age} above some hours (after 72 Salesforce forgets the place), and on {@code reconnects} with the causes {@code
 * topic.*}, {@code subscription.limit.exceeded} and {@code login}, which somebody has to see to.
 */
public final class StreamMetrics implements AutoCloseable {

    private static final String PREFIX = "lightline.salesforce.";

    private final MeterRegistry meters;
    private final Tags tags;
    private final SalesforceStream stream;
    private final Queue<Meter> bound = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private Runnable noMoreCauses = () -> {};

    private StreamMetrics(MeterRegistry meters, Tags tags, SalesforceStream stream) {
        this.meters = meters;
        this.tags = tags;
        this.stream = stream;
    }

    /** @param org what people call it */
    public static StreamMetrics bind(MeterRegistry meters, String org, SalesforceStream stream) {
        var metrics = new StreamMetrics(
                meters, Tags.of("org", org, "topic", stream.status().topic()), stream);
        metrics.bind();
        return metrics;
    }

    private void bind() {
        count("received", "Events that came from Salesforce", StreamStatus::received);
        count("delivered", "Events that were handed on decoded", StreamStatus::delivered);
        count("undecodable", "Events that could not be decoded", StreamStatus::undecodable);
        count("discarded", "Events that waited when their call ended; they come again", StreamStatus::discarded);
        count("refused", "Events and gaps that the consumer did not acknowledge", StreamStatus::refused);
        count("gaps", "Times that events may be missing", StreamStatus::gaps);
        gauge("ready", "1 while events arrive, or would if they were asked for", status -> status.ready() ? 1 : 0);
        gauge("halted", "1 while an operator has to decide about a lost position", status -> status.halted() ? 1 : 0);
        gauge("unanswered", "Events that are with the consumer", StreamStatus::unanswered);
        gauge("credits", "Events that Salesforce may still send", StreamStatus::credits);
        gauge("lag", "Seconds from the last event's commit until it was handed on", status -> seconds(status.lag()));
        gauge(
                "last.response.age",
                "Seconds since Salesforce was last heard of",
                status -> status.lastResponse().map(StreamMetrics::age).orElse(Double.NaN));
        gauge(
                "checkpoint.age",
                "Seconds since the checkpoint last moved",
                status -> status.lastCheckpoint().map(StreamMetrics::age).orElse(Double.NaN));
        noMoreCauses = stream.eachCauseOfAnEnd(this::bindCause);
    }

    private void bindCause(String cause) {
        if (!closed) {
            keep(FunctionCounter.builder(
                            PREFIX + "reconnects",
                            stream,
                            from -> from.status().ends().getOrDefault(cause, 0L))
                    .description("Times that the stream had to begin anew")
                    .tags(tags)
                    .tag("cause", cause)
                    .register(meters));
        }
    }

    private void count(String name, String description, ToDoubleFunction<StreamStatus> value) {
        keep(FunctionCounter.builder(PREFIX + name, stream, from -> value.applyAsDouble(from.status()))
                .description(description)
                .tags(tags)
                .register(meters));
    }

    private void gauge(String name, String description, ToDoubleFunction<StreamStatus> value) {
        keep(Gauge.builder(PREFIX + name, stream, from -> value.applyAsDouble(from.status()))
                .description(description)
                .tags(tags)
                .register(meters));
    }

    private void keep(Meter meter) {
        bound.add(meter);
    }

    private static double age(Instant moment) {
        return seconds(Duration.between(moment, Instant.now()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Override
    public void close() {
        closed = true;
        noMoreCauses.run();
        bound.forEach(meters::remove);
        bound.clear();
    }
}
