package io.lightline.salesforce;

import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.INCOMING;

import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReporter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Reads Salesforce topics as a SmallRye stream of {@link io.lightline.salesforce.event.SalesforceEvent}: platform events and
 * change data capture, over the Pub/Sub API.
 *
 * <p>Each SmallRye stream has one thread, one HTTP/2 connection and one token; each of its topics has one
 * {@link io.lightline.salesforce.pubsub.SalesforceStream}. Messages come on that thread, in the order of their topic, and must
 * be acknowledged: what is not, is what Salesforce is not asked to go beyond. A {@code nack} makes the topic start again at
 * the checkpoint of the application's {@link ReplayStore} bean, or without one at the last acknowledged event.
 *
 * <p>{@link io.lightline.salesforce.event.Gap}s and {@link io.lightline.salesforce.event.UndecodableEvent}s are fired as
 * asynchronous CDI events, for {@code @ObservesAsync} methods, which may block. The topic goes on after a gap, and its
 * checkpoint moves past an undecodable event, only when all observers are done; it starts again when one of them fails.
 */
@ApplicationScoped
@Connector(SalesforceConnector.NAME)
@ConnectorAttribute(
        name = "topics",
        type = "string",
        direction = INCOMING,
        mandatory = true,
        description = "Topics, separated by commas: /event/Order__e, /data/AccountChangeEvent, /data/ChangeEvents")
@ConnectorAttribute(
        name = "org",
        type = "string",
        direction = INCOMING,
        description = "What the org is called in metrics; the name of the stream by default")
@ConnectorAttribute(
        name = "items",
        type = "string",
        direction = INCOMING,
        defaultValue = ConnectorSettings.ITEMS,
        description = "What the consumer's method gets: events (each a SalesforceEvent; observers of CDI events hear of"
                + " gaps and undecodable events), or all (each a TopicItem)")
@ConnectorAttribute(
        name = "login-url",
        type = "string",
        direction = INCOMING,
        description = "Where to log in: the org's My Domain; for the JWT bearer flow also https://login.salesforce.com")
@ConnectorAttribute(
        name = "client-id",
        type = "string",
        direction = INCOMING,
        description = "Consumer key of the org's external client app")
@ConnectorAttribute(
        name = "client-secret",
        type = "string",
        direction = INCOMING,
        description = "Consumer secret, for the client credentials flow")
@ConnectorAttribute(
        name = "client-secret-file",
        type = "string",
        direction = INCOMING,
        description = "File with the consumer secret, read at each login")
@ConnectorAttribute(
        name = "username",
        type = "string",
        direction = INCOMING,
        description = "User to log in as, for the JWT bearer flow")
@ConnectorAttribute(
        name = "private-key-file",
        type = "string",
        direction = INCOMING,
        description = "PEM file with the RSA key that signs for the JWT bearer flow, read at each login")
@ConnectorAttribute(
        name = "access-token",
        type = "string",
        direction = INCOMING,
        description = "A token that is there already, for a simulator; needs instance-url and tenant-id")
@ConnectorAttribute(
        name = "instance-url",
        type = "string",
        direction = INCOMING,
        description = "The org's My Domain, with access-token")
@ConnectorAttribute(
        name = "tenant-id",
        type = "string",
        direction = INCOMING,
        description = "The org's id of 18 characters, with access-token")
@ConnectorAttribute(
        name = "endpoint-host",
        type = "string",
        direction = INCOMING,
        defaultValue = ConnectorSettings.ENDPOINT_HOST,
        description = "Host of the Pub/Sub API")
@ConnectorAttribute(
        name = "endpoint-port",
        type = "int",
        direction = INCOMING,
        defaultValue = ConnectorSettings.ENDPOINT_PORT,
        description = "Port of the Pub/Sub API")
@ConnectorAttribute(
        name = "plaintext",
        type = "boolean",
        direction = INCOMING,
        defaultValue = ConnectorSettings.PLAINTEXT,
        description = "Speak to the Pub/Sub API without TLS, for a simulator")
@ConnectorAttribute(
        name = "trust-certificate-file",
        type = "string",
        direction = INCOMING,
        description = "PEM file with the certificates to trust instead of the JVM's, for the Pub/Sub API and the login")
@ConnectorAttribute(
        name = "initial-replay",
        type = "string",
        direction = INCOMING,
        defaultValue = ConnectorSettings.INITIAL_REPLAY,
        description =
                "Where to start on a topic without a checkpoint: latest, or earliest (up to 72 hours, all of which"
                        + " count against the org's daily deliveries)")
@ConnectorAttribute(
        name = "on-lost-position",
        type = "string",
        direction = INCOMING,
        defaultValue = ConnectorSettings.ON_LOST_POSITION,
        description = "What to do when Salesforce does not know the checkpoint any more: latest or earliest (go on from"
                + " there, and tell of the gap), or halt")
@ConnectorAttribute(
        name = "window",
        type = "int",
        direction = INCOMING,
        defaultValue = ConnectorSettings.WINDOW,
        description = "Events of a topic that may be unacknowledged at once, 1 to 100")
@ConnectorAttribute(
        name = "watchdog",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.WATCHDOG,
        description = "A topic of which nothing is heard for so long is subscribed to anew")
@ConnectorAttribute(
        name = "settle-time",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.SETTLE_TIME,
        description = "A subscription to the latest events is ready after so long; Salesforce may leave out events of"
                + " its first seconds")
@ConnectorAttribute(
        name = "retry-delay",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.RETRY_DELAY,
        description = "Upper bound of the first pause before a reconnect; doubled each time, with full jitter")
@ConnectorAttribute(
        name = "max-retry-delay",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.MAX_RETRY_DELAY,
        description = "Upper bound of all these pauses")
@ConnectorAttribute(
        name = "operator-delay",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.OPERATOR_DELAY,
        description = "Pause when the org refuses a topic for good, until somebody changes it")
@ConnectorAttribute(
        name = "quota-delay",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.QUOTA_DELAY,
        description = "Pause when the org has used up its daily deliveries")
@ConnectorAttribute(
        name = "token-ttl",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.TOKEN_TTL,
        description = "A token is renewed after so long; well below the session timeout of the org")
@ConnectorAttribute(
        name = "store-timeout",
        type = "java.time.Duration",
        direction = INCOMING,
        defaultValue = ConnectorSettings.STORE_TIMEOUT,
        description = "How long to wait for the application's ReplayStore")
@ConnectorAttribute(
        name = "max-message-size",
        type = "int",
        direction = INCOMING,
        defaultValue = ConnectorSettings.MAX_MESSAGE_SIZE,
        description = "Largest response taken from the Pub/Sub API, in bytes; 100 events of up to 1 MB each")
@ConnectorAttribute(
        name = "health-enabled",
        type = "boolean",
        direction = INCOMING,
        defaultValue = ConnectorSettings.HEALTH_ENABLED,
        description = "Whether the stream takes part in the application's health checks")
@ConnectorAttribute(
        name = "health-readiness-enabled",
        type = "boolean",
        direction = INCOMING,
        defaultValue = ConnectorSettings.HEALTH_ENABLED,
        description = "Whether it takes part in the readiness check: an application that also serves requests may be"
                + " ready while Salesforce is away")
public class SalesforceConnector implements InboundConnector, HealthReporter {

    public static final String NAME = "salesforce-pubsub";

    private final Map<String, SalesforceConnection> connections = new ConcurrentHashMap<>();
    private final Instance<ReplayStore> stores;
    private final Event<TopicItem> observers;

    @Inject
    public SalesforceConnector(@Any Instance<ReplayStore> stores, @Any Event<TopicItem> observers) {
        this.stores = stores;
        this.observers = observers;
    }

    /** @throws IllegalArgumentException in one line, when the configuration is incomplete or contradicts itself */
    @Override
    public Flow.Publisher<? extends Message<? extends TopicItem>> getPublisher(Config config) {
        ConnectorSettings settings = ConnectorSettings.of(config);
        ReplayStore store = stores.isResolvable() ? stores.get() : ReplayStore.none();
        var connection = SalesforceConnection.open(settings, store, observers::fireAsync);
        connections.put(config.getValue(CHANNEL_NAME_ATTRIBUTE, String.class), connection);
        ApplicationMetrics.bind(settings.name(), connection.streams());
        return connection.messages();
    }

    /** How each topic does; in no order. */
    public List<StreamStatus> status() {
        return connections.values().stream()
                .flatMap(connection -> connection.status().stream())
                .toList();
    }

    /** Not whether Salesforce is there: an application that is restarted for that finds nothing better. */
    @Override
    public HealthReport getStartup() {
        return report(ConnectorSettings::health, SalesforceConnection::started);
    }

    @Override
    public HealthReport getReadiness() {
        return report(settings -> settings.health() && settings.readiness(), SalesforceConnection::ready);
    }

    /** A restart mends nothing that a reconnect does not, but a consumer that blocks the connector's thread. */
    @Override
    public HealthReport getLiveness() {
        return report(ConnectorSettings::health, SalesforceConnection::alive);
    }

    private HealthReport report(Predicate<ConnectorSettings> wanted, Predicate<SalesforceConnection> good) {
        var report = HealthReport.builder();
        connections.forEach((stream, connection) -> {
            if (wanted.test(connection.settings())) {
                report.add(stream, good.test(connection), connection.describe());
            }
        });
        return report.build();
    }

    @PreDestroy
    void close() {
        connections.values().forEach(SalesforceConnection::close);
    }
}
