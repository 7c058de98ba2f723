package io.lightline.simulator.org;

import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.FieldDefinition;
import io.lightline.simulator.event.ObjectRecords;
import io.lightline.simulator.event.PlatformEvents;
import io.lightline.simulator.event.RecordShape;
import io.lightline.simulator.org.SimulatorConfig.ChannelConfig;
import io.lightline.simulator.org.SimulatorConfig.EventConfig;
import io.lightline.simulator.org.SimulatorConfig.FieldConfig;
import io.lightline.simulator.org.SimulatorConfig.ObjectConfig;
import io.lightline.simulator.org.SimulatorConfig.OrgConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * The events, objects, channels and schemas of one org. A definition may change while it is used: what is published from then on
 * has the new schema, and the old ones are answered for ever. Thread-safe.
 */
public final class Definitions {

    private final EventBus bus;
    private final Clock clock;
    private final Map<String, PlatformEvents> events = new ConcurrentHashMap<>();
    private final Map<String, ObjectRecords> objects = new ConcurrentHashMap<>();
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final Map<String, EventSchema> schemas = new ConcurrentHashMap<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();

    Definitions(OrgConfig config, EventBus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
        config.events().forEach(this::add);
        config.objects().forEach(this::add);
        add(new Topic.Channel(
                Topic.Channel.ALL_CHANGES,
                topics.keySet().stream()
                        .filter(topic -> topic.startsWith("/data/"))
                        .collect(Collectors.toSet())));
        config.channels().forEach(this::add);
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

    /** Gives a Platform Event these fields, or makes one. */
    public EventSchema defineEvent(String name, List<FieldDefinition> fields) {
        var schema = EventSchema.platformEvent(name, fields);
        define(name, schema, required(fields));
        return schema;
    }

    /** Gives an object these fields; nothing when there is no such object. */
    public Optional<EventSchema> redefineObject(String name, List<FieldDefinition> fields) {
        return records(name).map(records -> {
            var schema = EventSchema.changeEvent(name, fields);
            add(new Topic.EventTopic("/data/" + schema.name(), schema, false));
            records.redefine(new RecordShape(schema, name, required(fields)));
            return schema;
        });
    }

    /** Whether the user has no permission for the topic. */
    public boolean denied(String topic) {
        return denied.contains(topic);
    }

    /** Takes the permission for a topic away, or gives it back. */
    public void deny(String topic, boolean deny) {
        if (deny) {
            denied.add(topic);
        } else {
            denied.remove(topic);
        }
    }

    private void add(String event, EventConfig definition) {
        var fields = definitions(definition.fields());
        var schema = schema(definition.schema()).orElseGet(() -> EventSchema.platformEvent(event, fields));
        define(event, schema, required(fields));
    }

    private void define(String event, EventSchema schema, Set<String> required) {
        add(new Topic.EventTopic("/event/" + event, schema, event.endsWith("__e")));
        events.put(event, new PlatformEvents(new RecordShape(schema, event, required), bus, clock));
    }

    private void add(String object, ObjectConfig definition) {
        var fields = definitions(definition.fields());
        var schema = schema(definition.schema()).orElseGet(() -> EventSchema.changeEvent(object, fields));
        var shape = new RecordShape(schema, object, required(fields));
        objects.put(object, new ObjectRecords(shape, definition.keyPrefix(), bus, clock));
        add(new Topic.EventTopic("/data/" + schema.name(), schema, false));
    }

    private void add(String channel, ChannelConfig definition) {
        var members = definition.members();
        if (events.keySet().containsAll(members)) {
            add(new Topic.Channel(
                    "/event/" + channel,
                    members.stream().map(name -> "/event/" + name).collect(Collectors.toSet())));
        } else if (objects.keySet().containsAll(members)) {
            add(new Topic.Channel(
                    "/data/" + channel,
                    members.stream()
                            .flatMap(name -> records(name).stream())
                            .map(records -> "/data/" + records.schema().name())
                            .collect(Collectors.toSet())));
        } else {
            throw new IllegalArgumentException(
                    "The members of " + channel + " must be Platform Events or objects of the org: " + members);
        }
    }

    private void add(Topic topic) {
        topic.schema().ifPresent(schema -> schemas.put(schema.id(), schema));
        topics.put(topic.name(), topic);
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

    private static Set<String> required(List<FieldDefinition> fields) {
        return fields.stream()
                .filter(FieldDefinition::required)
                .map(FieldDefinition::name)
                .collect(Collectors.toSet());
    }
}
