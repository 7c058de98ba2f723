package io.lightline.simulator.org;

import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.SalesforceId;
import io.lightline.simulator.fault.Faults;
import io.lightline.simulator.org.SimulatorConfig.OrgConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One simulated org: its users and tokens, its topics and objects, and the bus that all of its events share. Thread-safe. */
public final class Org {

    private final String name;
    private final SalesforceId id;
    private final OrgConfig config;
    private final List<User> users;
    private final Sessions sessions;
    private final EventBus bus;
    private final Outage outage = new Outage();
    private final Faults faults = new Faults();
    private final Definitions definitions;
    private final Map<String, ManagedEventSubscription> managed;
    private final Allocation deliveries;
    private final Allocation publications;

    Org(String name, OrgConfig config, EventBus bus, Clock clock) {
        this.name = name;
        this.id = new SalesforceId(config.orgId());
        this.config = config;
        this.bus = bus;
        this.users =
                config.users().stream().map(username -> User.of(username, id)).toList();
        var fixed = config.tokens().orElse(List.of()).stream()
                .collect(Collectors.toMap(Function.identity(), _ -> users.getFirst()));
        this.sessions = new Sessions(id, clock, config.sessionTimeout(), fixed);
        this.definitions = new Definitions(config, bus, clock);
        this.managed = config.managedSubscriptions().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new ManagedEventSubscription(id.value(), entry.getKey(), entry.getValue())));
        var limits = config.limits();
        this.deliveries = new Allocation(clock, Duration.ofDays(1), limits.deliveredPerDay(), limits.enforced());
        this.publications = new Allocation(clock, Duration.ofHours(1), limits.publishedPerHour(), false);
    }

    /** The name in the configuration and the control API. */
    public String name() {
        return name;
    }

    public SalesforceId id() {
        return id;
    }

    public EventBus bus() {
        return bus;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Outage outage() {
        return outage;
    }

    /** What goes wrong by order. */
    public Faults faults() {
        return faults;
    }

    public String clientId() {
        return config.clientId();
    }

    public Optional<String> clientSecret() {
        return config.clientSecret();
    }

    public Optional<Path> jwtCertificate() {
        return config.jwtCertificate();
    }

    public Optional<String> instanceUrl() {
        return config.instanceUrl();
    }

    /** Whom the client credentials flow runs as. */
    public User runAsUser() {
        return users.getFirst();
    }

    public Optional<User> user(String username) {
        return users.stream().filter(user -> user.username().equals(username)).findFirst();
    }

    /** Its events, objects, channels and schemas. */
    public Definitions definitions() {
        return definitions;
    }

    public Optional<Topic> topic(String topicName) {
        return definitions.topic(topicName);
    }

    public Optional<EventSchema> schema(String schemaId) {
        return definitions.schema(schemaId);
    }

    /** The subscriptions whose positions it keeps. */
    public Collection<ManagedEventSubscription> managedSubscriptions() {
        return managed.values();
    }

    /** The events that were delivered, once for every subscriber. */
    public Allocation deliveries() {
        return deliveries;
    }

    /** The events that were published. */
    public Allocation publications() {
        return publications;
    }
}
