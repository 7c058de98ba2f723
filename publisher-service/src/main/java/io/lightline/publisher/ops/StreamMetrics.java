package io.lightline.publisher.ops;

import io.lightline.publisher.source.Topic;
import io.lightline.publisher.source.Topic.Totals;
import io.lightline.publisher.source.TopicWatcher;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * How the topics do, as metrics by {@code org} and {@code topic} under {@code lightline.salesforce}. {@code received =
 * delivered + undecodable + discarded} holds once none waits. What to alert on is in {@code docs/operations.md}: above all
 * {@code leader}, whose sum over all replicas is 1.
 */
@ApplicationScoped
class StreamMetrics implements TopicWatcher {

    private static final String PREFIX = "lightline.salesforce.";

    private final MeterRegistry meters;
    private final Map<Topic, OfOne> topics = new ConcurrentHashMap<>();

    StreamMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void added(Topic topic) {
        topics.put(topic, new OfOne(topic));
    }

    /** Causes of reconnects show up one by one. */
    @Override
    public void passed(Topic topic) {
        topics.computeIfPresent(topic, (_, metrics) -> metrics.withNewCauses());
    }

    @Override
    public void removed(Topic topic) {
        topics.computeIfPresent(topic, (_, metrics) -> {
            metrics.registered.forEach(meters::remove);
            return null;
        });
    }

    private final class OfOne {

        private final Topic topic;
        private final Tags tags;
        private final List<Meter> registered = new ArrayList<>();
        private final Set<String> causes = new HashSet<>();

        OfOne(Topic topic) {
            this.topic = topic;
            this.tags = Tags.of("org", topic.name().org(), "topic", topic.name().topic());
            count("received", "Events that came from Salesforce", Totals::received);
            count("delivered", "Events that were handed on to the bridge", Totals::delivered);
            count("undecodable", "Events that nobody can read", Totals::undecodable);
            count("discarded", "Events that waited when their call ended", Totals::discarded);
            count("gaps", "Times that events may be missing", Totals::gaps);
            withNewCauses();
            gauge("leader", "1 while this replica reads the topic", present -> present.held() ? 1 : 0);
            streamGauge("ready", "1 while events arrive", status -> status.ready() ? 1 : 0);
            streamGauge("halted", "1 while an operator has to decide", status -> status.halted() ? 1 : 0);
            streamGauge("unanswered", "Items on their way into the backplane", StreamStatus::unanswered);
            streamGauge("credits", "Events that Salesforce may send unasked", StreamStatus::credits);
            streamGauge("lag", "Age of the last event when it was handed on", status -> seconds(status.lag()));
            streamGauge(
                    "last.response.age", "Time since Salesforce was heard of", status -> age(status.lastResponse()));
            streamGauge("checkpoint.age", "Time since the checkpoint moved", status -> age(status.lastCheckpoint()));
        }

        OfOne withNewCauses() {
            topic.totals().ends().keySet().stream()
                    .filter(causes::add)
                    .forEach(cause -> registered.add(FunctionCounter.builder(
                                    PREFIX + "reconnects",
                                    topic,
                                    from -> from.totals().ends().getOrDefault(cause, 0L))
                            .description("Times that a stream had to begin anew")
                            .tags(tags.and("cause", cause))
                            .register(meters)));
            return this;
        }

        private void count(String name, String description, ToLongFunction<Totals> value) {
            registered.add(FunctionCounter.builder(PREFIX + name, topic, from -> value.applyAsLong(from.totals()))
                    .description(description)
                    .tags(tags)
                    .register(meters));
        }

        /** 0 while another replica reads the topic. */
        private void streamGauge(String name, String description, ToDoubleFunction<StreamStatus> value) {
            gauge(
                    name,
                    description,
                    from -> from.stream().stream()
                            .mapToDouble(value)
                            .findFirst()
                            .orElse(0));
        }

        private void gauge(String name, String description, ToDoubleFunction<Topic> value) {
            registered.add(Gauge.builder(PREFIX + name, topic, value)
                    .description(description)
                    .tags(tags)
                    .register(meters));
        }
    }

    private static double age(Optional<Instant> moment) {
        return moment.map(then -> seconds(Duration.between(then, Instant.now())))
                .orElse(0.0);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
