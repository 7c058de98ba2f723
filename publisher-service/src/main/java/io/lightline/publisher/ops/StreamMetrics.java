package io.lightline.publisher.ops;

import io.lightline.publisher.PublisherConfig;
import io.lightline.salesforce.SalesforceConnector;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * How the topics' streams do, as metrics by {@code topic} under {@code lightline.salesforce}. {@code received = delivered +
 * undecodable + discarded} holds once none waits. Alert on {@code undecodable} and {@code gaps} above 0, on {@code ready} 0 for
 * minutes, and on {@code last.response.age} above the watchdog.
 */
@ApplicationScoped
class StreamMetrics implements MeterBinder {

    private final SalesforceConnector connector;
    private final PublisherConfig config;

    StreamMetrics(@Connector(SalesforceConnector.NAME) SalesforceConnector connector, PublisherConfig config) {
        this.connector = connector;
        this.config = config;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        config.salesforce().topics().forEach(topic -> bind(topic, meters));
    }

    private void bind(String topic, MeterRegistry meters) {
        count(meters, topic, "received", "Events that came from Salesforce", StreamStatus::received);
        count(meters, topic, "delivered", "Events that were handed on to the bridge", StreamStatus::delivered);
        count(meters, topic, "undecodable", "Events that were skipped", StreamStatus::undecodable);
        count(meters, topic, "discarded", "Events that waited when their call ended", StreamStatus::discarded);
        count(meters, topic, "gaps", "Times that Salesforce did not know the checkpoint", StreamStatus::gaps);
        count(meters, topic, "reconnects", "Calls that ended", StreamStatus::reconnects);
        gauge(meters, topic, "ready", "1 while events arrive", status -> status.ready() ? 1 : 0);
        gauge(meters, topic, "unanswered", "Events on their way into the backplane", StreamStatus::unanswered);
        gauge(
                meters,
                topic,
                "lag",
                "Age of the last event when it was handed on, in seconds",
                status -> seconds(status.lag()));
        gauge(
                meters,
                topic,
                "last.response.age",
                "Seconds since Salesforce was last heard of",
                status -> status.lastResponse()
                        .map(last -> seconds(Duration.between(last, Instant.now())))
                        .orElse(Double.NaN));
    }

    private void count(
            MeterRegistry meters, String topic, String name, String description, ToDoubleFunction<StreamStatus> value) {
        FunctionCounter.builder("lightline.salesforce." + name, connector, from -> value(from, topic, value))
                .description(description)
                .tag("topic", topic)
                .register(meters);
    }

    private void gauge(
            MeterRegistry meters, String topic, String name, String description, ToDoubleFunction<StreamStatus> value) {
        Gauge.builder("lightline.salesforce." + name, connector, from -> value(from, topic, value))
                .description(description)
                .tag("topic", topic)
                .register(meters);
    }

    private static double value(SalesforceConnector connector, String topic, ToDoubleFunction<StreamStatus> value) {
        return connector.status().stream()
                .filter(status -> status.topic().equals(topic))
                .mapToDouble(value)
                .findFirst()
                .orElse(0);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
