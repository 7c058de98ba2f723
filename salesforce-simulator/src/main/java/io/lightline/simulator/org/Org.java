package io.lightline.simulator.org;

import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.FieldDefinition;
import io.lightline.simulator.event.ObjectRecords;
import io.lightline.simulator.event.PlatformEvents;
import io.lightline.simulator.event.RecordShape;
import io.lightline.simulator.event.SalesforceId;
import io.lightline.simulator.fault.Faults;
import io.lightline.simulator.org.SimulatorConfig.FieldConfig;
import io.lightline.simulator.org.SimulatorConfig.OrgConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

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
    private final Map<String, PlatformEvents> events = new HashMap<>();
    private final Map<String, ObjectRecords> objects = new HashMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, EventSchema> schemas = new HashMap<>();

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
        config.events().forEach((event, definition) -> {
            var schema = schema(definition.schema())
                    .orElseGet(() -> EventSchema.platformEvent(event, definitions(definition.fields())));
            var shape = new RecordShape(schema, event, required(definition.fields()));
            events.put(event, new PlatformEvents(shape, bus, clock));
            add(new Topic.EventTopic("/event/" + event, schema, true));
        });
        config.objects().forEach((object, definition) -> {
            var schema = schema(definition.schema())
                    .orElseGet(() -> EventSchema.changeEvent(object, definitions(definition.fields())));
            var shape = new RecordShape(schema, object, required(definition.fields()));
            objects.put(object, new ObjectRecords(shape, definition.keyPrefix(), bus, clock));
            add(new Topic.EventTopic("/data/" + schema.name(), schema, false));
        });
        add(new Topic.Channel(
                Topic.Channel.ALL_CHANGES,
                topics.keySet().stream()
                        .filter(topic -> topic.startsWith("/data/"))
                        .collect(Collectors.toSet())));
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

    public Optional<Topic> topic(String topicName) {
        return Optional.ofNullable(topics.get(topicName));
    }

    public Optional<EventSchema> schema(String schemaId) {
        return Optional.ofNullable(schemas.get(schemaId));
    }

    /** The publisher of a Platform Event, by API name. */
    public Optional<PlatformEvents> events(String event) {
        return Optional.ofNullable(events.get(event));
    }

    /** The records of an object, by API name. */
    public Optional<ObjectRecords> records(String object) {
        return Optional.ofNullable(objects.get(object));
    }

    private void add(Topic topic) {
        topics.put(topic.name(), topic);
        topic.schema().ifPresent(schema -> schemas.put(schema.id(), schema));
    }

    private static Optional<EventSchema> schema(Optional<Path> file) {
        return file.map(path -> {
            try {
                return EventSchema.of(new Schema.Parser().parse(Files.readString(path)));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the schema file " + path, e);
            }
        });
    }

    private static List<FieldDefinition> definitions(Optional<List<FieldConfig>> fields) {
        return fields.orElse(List.of()).stream().map(FieldConfig::definition).toList();
    }

    private static Set<String> required(Optional<List<FieldConfig>> fields) {
        return fields.orElse(List.of()).stream()
                .filter(FieldConfig::required)
                .map(FieldConfig::name)
                .collect(Collectors.toSet());
    }
}
