package io.lightline.publisher.ops;

import io.lightline.publisher.source.Topic;
import io.lightline.publisher.source.TopicWatcher;
import io.lightline.salesforce.StreamMetrics;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/**
 * How the topics do, by {@code org} and {@code topic} under {@code lightline.salesforce}: of each that is configured {@code
 * leader}, 1 at the replica that reads it, and there also all that {@link StreamMetrics} tells. Alert on a sum of {@code leader}
 * over all replicas other than 1 for longer than a lease lasts; what else to alert on is in {@code docs/operations.md}.
 */
@ApplicationScoped
class TopicMetrics implements TopicWatcher {

    private final MeterRegistry meters;
    private final Map<Topic, Gauge> leaders = new HashMap<>();
    private final Map<Topic, StreamMetrics> streams = new HashMap<>();

    TopicMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void added(Topic topic) {
        leaders.put(
                topic,
                Gauge.builder("lightline.salesforce.leader", topic, present -> present.held() ? 1 : 0)
                        .description("1 while this replica reads the topic")
                        .tag("org", topic.name().org())
                        .tag("topic", topic.name().topic())
                        .register(meters));
    }

    @Override
    public void began(Topic topic, SalesforceStream stream) {
        streams.put(topic, StreamMetrics.bind(meters, topic.name().org(), stream));
    }

    @Override
    public void ended(Topic topic) {
        StreamMetrics metrics = streams.remove(topic);
        if (metrics != null) {
            metrics.close();
        }
    }

    @Override
    public void removed(Topic topic) {
        Gauge leader = leaders.remove(topic);
        if (leader != null) {
            meters.remove(leader);
        }
    }
}
