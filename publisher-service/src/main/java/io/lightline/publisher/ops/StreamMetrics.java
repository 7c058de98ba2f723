package io.lightline.publisher.ops;

import io.lightline.publisher.source.Topic;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * How the topics' streams do, as metrics by {@code org} and {@code topic} under {@code lightline.salesforce}. {@code received =
 * delivered + undecodable + discarded} holds once none waits. Alert on {@code undecodable} and {@code gaps} above 0, on the sum of
 * {@code leader} over all replicas other than 1 and on {@code ready} 0 at the leader for minutes, and on {@code
 * last.response.age} above the watchdog.
 */
@ApplicationScoped
class StreamMetrics implements TopicWatcher {

    private final MeterRegistry meters;
    private final Map<Topic, List<Meter>> ofTopics = new ConcurrentHashMap<>();

    StreamMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void added(Topic topic) {
        ofTopics.put(topic, new ForOne(topic).register());
    }

    @Override
    public void removed(Topic topic) {
        List<Meter> registered = ofTopics.remove(topic);
        if (registered != null) {
            registered.forEach(meters::remove);
        }
    }

    private final class ForOne {

        private final Topic topic;
        private final List<Meter> registered = new ArrayList<>();

        ForOne(Topic topic) {
            this.topic = topic;
        }

        List<Meter> register() {
            count("received", "Events that came from Salesforce", Topic.Totals::received);
            count("delivered", "Events that were handed on to the bridge", Topic.Totals::delivered);
            count("undecodable", "Events that nobody can read", Topic.Totals::undecodable);
            count("discarded", "Events that waited when their call ended", Topic.Totals::discarded);
            count("gaps", "Times that events may be missing", Topic.Totals::gaps);
            count("reconnects", "Calls that ended", Topic.Totals::reconnects);
            register("leader", "1 while this replica reads the topic", present -> present.held() ? 1 : 0);
            gauge("ready", "1 while events arrive", status -> status.ready() ? 1 : 0);
            gauge("unanswered", "Events on their way into the backplane", StreamStatus::unanswered);
            gauge("lag", "Age of the last event when it was handed on, in seconds", status -> seconds(status.lag()));
            gauge(
                    "last.response.age",
                    "Seconds since Salesforce was last heard of",
                    status -> status.lastResponse()
                            .map(last -> seconds(Duration.between(last, Instant.now())))
                            .orElse(Double.NaN));
            return registered;
        }

        private void count(String name, String description, ToLongFunction<Topic.Totals> value) {
            registered.add(FunctionCounter.builder("lightline.salesforce." + name, topic, from -> from.total(value))
                    .description(description)
                    .tags(tags())
                    .register(meters));
        }

        /** 0 while another replica reads the topic. */
        private void gauge(String name, String description, ToDoubleFunction<StreamStatus> value) {
            register(
                    name,
                    description,
                    from -> from.stream().stream()
                            .mapToDouble(value)
                            .findFirst()
                            .orElse(0));
        }

        private void register(String name, String description, ToDoubleFunction<Topic> value) {
            registered.add(Gauge.builder("lightline.salesforce." + name, topic, value)
                    .description(description)
                    .tags(tags())
                    .register(meters));
        }

        private Tags tags() {
            return Tags.of("org", topic.name().org(), "topic", topic.name().topic());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
