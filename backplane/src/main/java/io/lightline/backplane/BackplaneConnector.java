package io.lightline.backplane;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReporter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * The way out of a SmallRye stream into the backplane. A message carries a {@link Draft} and may say in its
 * {@link OutgoingPublication} metadata where it goes and from where it came. It is acknowledged when the store has answered,
 * and refused with the cause when that failed. Messages take effect in the order of the stream, several at a time; those with
 * an origin in the order of their channel, and what waits for a channel goes together. Their acknowledgement has a
 * {@link Receipt} as its metadata.
 */
@ApplicationScoped
@Connector(BackplaneConnector.NAME)
@ConnectorAttribute(
        name = "tenant",
        type = "string",
        direction = Direction.OUTGOING,
        description = "Tenant of the default channel; needed when 'channel' is set")
@ConnectorAttribute(
        name = "channel",
        type = "string",
        direction = Direction.OUTGOING,
        description = "Channel of messages that name none in their metadata; without it such messages are refused")
@ConnectorAttribute(
        name = "history-size",
        type = "int",
        direction = Direction.OUTGOING,
        defaultValue = "" + BackplaneConnector.DEFAULT_HISTORY_SIZE,
        description = "Publications that a channel keeps for recovery; 0 keeps none")
@ConnectorAttribute(
        name = "history-ttl",
        type = "string",
        direction = Direction.OUTGOING,
        defaultValue = BackplaneConnector.DEFAULT_HISTORY_TTL,
        description = "How long a channel keeps them after its last publication, for example 10m or 72h")
@ConnectorAttribute(
        name = "max-in-flight",
        type = "int",
        direction = Direction.OUTGOING,
        defaultValue = "" + BackplaneConnector.DEFAULT_MAX_IN_FLIGHT,
        description = "Messages that may wait for the store's answer at once; the stream is asked for no more")
class BackplaneConnector implements OutboundConnector, HealthReporter {

    static final String NAME = "lightline-backplane";
    static final int DEFAULT_HISTORY_SIZE = 1000;
    static final String DEFAULT_HISTORY_TTL = "10m";
    static final int DEFAULT_MAX_IN_FLIGHT = 512;

    private final Backplane backplane;
    private final List<BackplaneSink> sinks = new CopyOnWriteArrayList<>();

    BackplaneConnector(Backplane backplane) {
        this.backplane = backplane;
    }

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        String stream = config.getValue(CHANNEL_NAME_ATTRIBUTE, String.class);
        var sink = new BackplaneSink(
                stream,
                backplane,
                target(stream, config),
                retention(config),
                config.getOptionalValue("max-in-flight", Integer.class).orElse(DEFAULT_MAX_IN_FLIGHT));
        sinks.add(sink);
        return sink;
    }

    /** Not ready while publications cannot go out. */
    @Override
    public HealthReport getReadiness() {
        return report(sink -> new HealthReport.ChannelInfo(
                sink.stream(),
                backplane.state().ready(),
                switch (backplane.state()) {
                    case BackplaneState.Ready _ -> "ready";
                    case BackplaneState.Unavailable(var reason) -> reason;
                }));
    }

    /** Not alive when a stream has failed: nothing but a restart brings it back. */
    @Override
    public HealthReport getLiveness() {
        return report(sink -> new HealthReport.ChannelInfo(sink.stream(), !sink.failed()));
    }

    private HealthReport report(Function<BackplaneSink, HealthReport.ChannelInfo> about) {
        return new HealthReport(sinks.stream().map(about).toList());
    }

    private static Optional<ChannelName> target(String stream, Config config) {
        return config.getOptionalValue("channel", String.class)
                .map(name -> new ChannelName(
                        config.getOptionalValue("tenant", String.class)
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "Stream " + stream + " has the attribute 'channel', so it needs 'tenant' too")),
                        name));
    }

    private static Retention retention(Config config) {
        int size = config.getOptionalValue("history-size", Integer.class).orElse(DEFAULT_HISTORY_SIZE);
        String ttl = config.getOptionalValue("history-ttl", String.class).orElse(DEFAULT_HISTORY_TTL);
        return size == 0 ? Retention.NONE : new Retention(size, DurationConverter.parseDuration(ttl));
    }
}
