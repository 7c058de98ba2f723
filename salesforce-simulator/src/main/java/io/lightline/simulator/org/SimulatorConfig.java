package io.lightline.simulator.org;

import io.lightline.simulator.event.FieldDefinition;
import io.lightline.simulator.event.FieldType;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything that can be set about the simulator itself. The demo org is in the application's own configuration. */
@ConfigMapping(prefix = "lightline.simulator")
public interface SimulatorConfig {

    /** A subscription that has had no response for so long gets an empty one with the newest replay id. */
    @WithDefault("120s")
    Duration keepalive();

    /** A subscription that asks for nothing is closed after this time, and so is a publish stream that sends nothing. */
    @WithDefault("60s")
    Duration idleClose();

    /**
     * Events that are published so soon after a subscription at the latest position are not delivered to it. Some three
     * seconds at Salesforce; none here, so that a test need not wait.
     */
    @WithDefault("0s")
    Duration settle();

    /** Managed subscriptions. */
    Managed managed();

    /** The Streaming API. */
    Streaming streaming();

    /** What an org's bus keeps. */
    Retention retention();

    /** The orgs, by the name that the control API calls them. */
    Map<String, OrgConfig> orgs();

    interface Managed {
        /** A managed subscription that commits nothing for so long is closed. */
        @WithDefault("1800s")
        Duration commitTimeout();

        /** How long a managed subscription stays taken when its stream breaks instead of being closed. */
        @WithDefault("0s")
        Duration slotHold();
    }

    interface Streaming {
        /** Where it listens. */
        @WithDefault("127.0.0.1")
        String host();

        /** Its own port; 0 takes a free one. */
        @WithDefault("7081")
        int port();

        /** How long a poll may wait for events before it is answered without. */
        @WithDefault("110s")
        Duration timeout();

        /** A client that does not poll again within this time is forgotten. */
        @WithDefault("40s")
        Duration maxInterval();

        /**
         * Pages of these origins may call it, as regular expressions; none unless set. An org has its list in Setup, under CORS.
         */
        Optional<Set<String>> allowedOrigins();
    }

    interface Retention {
        /** Older events are no longer replayed. */
        @WithDefault("72h")
        Duration time();

        /** When there are more events, the oldest are no longer replayed. */
        @WithDefault("100000")
        int events();
    }

    interface OrgConfig {
        /** False leaves the org out; it is how one gets rid of the demo org. */
        @WithDefault("true")
        boolean enabled();

        /** The org's id, 18 characters. */
        String orgId();

        /** The base URL that a token response names; by default the one under which the simulator was called. */
        Optional<String> instanceUrl();

        /** Usernames. The first is the user that the client credentials flow runs as. */
        List<String> users();

        /** The consumer key of the org's app. Unique among all orgs. */
        String clientId();

        /** The consumer secret; without one the client credentials flow is off. */
        Optional<String> clientSecret();

        /** PEM file with the public key or the certificate of the app; without one the JWT bearer flow is off. */
        Optional<Path> jwtCertificate();

        /** Access tokens that are always valid, beside those that are issued. Unique among all orgs. */
        Optional<List<String>> tokens();

        /** An issued token ends after so long without use. */
        @WithDefault("2h")
        Duration sessionTimeout();

        /** Platform Events by API name, for example {@code Order__e}; only Salesforce publishes one without {@code __e}. */
        Map<String, EventConfig> events();

        /** Objects with Change Data Capture by API name, for example {@code Account}. */
        Map<String, ObjectConfig> objects();

        /** Custom channels by API name, for example {@code Sales__chn}. */
        Map<String, ChannelConfig> channels();

        /** Managed event subscriptions by developer name. */
        Map<String, ManagedConfig> managedSubscriptions();

        /** What the org may use. */
        Limits limits();
    }

    interface ChannelConfig {
        /** Platform Events or objects by API name, not both: {@code /event/Sales__chn} or {@code /data/Sales__chn}. */
        List<String> members();
    }

    interface ManagedConfig {
        /** What it subscribes to. */
        String topic();

        /** Where it begins before anything was committed. */
        @WithDefault("LATEST")
        Replay defaultReplay();

        /** Where it begins when what was committed is no longer retained. */
        @WithDefault("LATEST")
        Replay errorRecoveryReplay();

        /** A stopped one cannot be subscribed to. */
        @WithDefault("RUN")
        State state();
    }

    /** Where a subscription begins without a replay id. */
    enum Replay {
        LATEST,
        EARLIEST
    }

    /** Whether a managed subscription may be used. */
    enum State {
        RUN,
        STOP
    }

    interface Limits {
        /** Events that may be delivered in 24 hours, each counted once for every subscriber. */
        @WithDefault("50000")
        int deliveredPerDay();

        /** Events that may be published in an hour; only counted. */
        @WithDefault("250000")
        int publishedPerHour();

        /** Whether subscriptions fail when the deliveries are used up. */
        @WithDefault("false")
        boolean enforced();
    }

    interface EventConfig {
        /** The event's own fields, in order. */
        Optional<List<FieldConfig>> fields();

        /** An Avro file, as {@code GetSchema} answers it, instead of the fields. */
        Optional<Path> schema();
    }

    interface ObjectConfig {
        /** The object's fields without the system's, in order. */
        Optional<List<FieldConfig>> fields();

        /** An Avro file, as {@code GetSchema} answers it for the change event, instead of the fields. */
        Optional<Path> schema();

        /** The first three characters of the object's record ids. */
        @WithDefault("a00")
        String keyPrefix();
    }

    interface FieldConfig {
        /** The API name. */
        String name();

        /** For example {@code text}, {@code number}, {@code date}, {@code address}. */
        FieldType type();

        /** Whether a record without the field is refused. */
        @WithDefault("false")
        boolean required();

        default FieldDefinition definition() {
            return new FieldDefinition(name(), type(), required());
        }
    }
}
