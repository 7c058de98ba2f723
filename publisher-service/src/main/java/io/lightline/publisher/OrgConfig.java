package io.lightline.publisher;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One org that is read. Exactly one of a secret, a key and a token says how to log in. */
public interface OrgConfig {

    /** Tenant in whose channels the org's events are published; the org's name by default. */
    Optional<String> tenant();

    /** Topics, for example {@code /event/Order__e} or {@code /data/AccountChangeEvent}; each one's channel has its name. */
    List<String> topics();

    /**
     * Platform events that relays may publish to, for example {@code /event/Order__e}: those whose namespace has
     * {@code salesforce-publish}. None by default.
     */
    Optional<List<String>> publishTopics();

    /** What is different for single topics, by the topic's name in quotes. */
    Map<String, TopicConfig> overrides();

    /** Where to log in: the org's My Domain; for the JWT bearer flow also https://login.salesforce.com. */
    Optional<URI> loginUrl();

    /** Consumer key of the org's external client app. */
    Optional<String> clientId();

    /** Consumer secret, for the client credentials flow. */
    Optional<String> clientSecret();

    /** File with the consumer secret, read at each login. */
    Optional<Path> clientSecretFile();

    /** User to log in as, for the JWT bearer flow. */
    Optional<String> username();

    /** PEM file with the RSA key that signs for the JWT bearer flow, read at each login. */
    Optional<Path> privateKeyFile();

    /** A token that is there already, for a simulator. */
    Optional<String> accessToken();

    /** The org's My Domain, with an access token. */
    Optional<URI> instanceUrl();

    /** The org's id of 18 characters, with an access token. */
    Optional<String> tenantId();

    /** Host of the Pub/Sub API. */
    @WithDefault("api.pubsub.salesforce.com")
    String endpointHost();

    /** Port of the Pub/Sub API. */
    @WithDefault("7443")
    int endpointPort();

    /** Speak to the Pub/Sub API without TLS, for a simulator. */
    @WithDefault("false")
    boolean plaintext();

    /** PEM file with the certificates to trust instead of the JVM's. */
    Optional<Path> trustCertificateFile();

    /** Where to start on a topic that was never read: {@code latest}, or {@code earliest} (counts against the daily deliveries). */
    @WithDefault("latest")
    String initialReplay();

    /**
     * What to do when Salesforce no longer knows the checkpoint: go on with the {@code latest} or the {@code earliest} events, and
     * tell subscribers of the gap; or {@code halt}.
     */
    @WithDefault("latest")
    String onLostPosition();

    /** Events of a topic that may be on their way into Redis at once, 1 to 100. */
    @WithDefault("100")
    int window();

    /** A topic of which nothing is heard for so long is subscribed to anew. */
    @WithDefault("300s")
    Duration watchdog();

    /** A subscription to the latest events counts as ready after so long; Salesforce may miss events before. */
    @WithDefault("5s")
    Duration settleTime();

    /** Upper bound of the first pause before a reconnect; doubled each time, with full jitter. */
    @WithDefault("1s")
    Duration retryDelay();

    /** Upper bound of all these pauses. */
    @WithDefault("60s")
    Duration maxRetryDelay();

    /** Pause when the org refuses a topic for good, until somebody changes it. */
    @WithDefault("5m")
    Duration operatorDelay();

    /** Pause when the org has used up its daily deliveries. */
    @WithDefault("15m")
    Duration quotaDelay();

    /** A token is renewed after so long; well below the org's session timeout. */
    @WithDefault("30m")
    Duration tokenTtl();

    /** How long to wait for the checkpoint. */
    @WithDefault("10s")
    Duration storeTimeout();

    /** Largest response that is taken from the Pub/Sub API, in bytes. */
    @WithDefault("134217728")
    int maxMessageSize();

    /** What is different for one topic. */
    interface TopicConfig {

        /** Channel of the topic's events; the topic's name by default. */
        Optional<String> channel();

        /** Publish change events also on {@code <channel>/<record id>} of each record that they tell of. */
        @WithDefault("false")
        boolean records();

        /** As the org's. */
        Optional<String> initialReplay();

        /** As the org's. */
        Optional<String> onLostPosition();

        /** As the org's. */
        Optional<Integer> window();
    }
}
