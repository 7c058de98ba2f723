package io.lightline.simulator.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one object, in memory; every change puts a change event on the bus, in the order of the changes.
 * Thread-safe.
 */
public final class ObjectRecords {

    private static final String CREATED_BY = "CreatedById";
    private static final String LAST_MODIFIED_BY = "LastModifiedById";
    private static final String NO_RECORD = "000000000000000AAA";
    private static final String ORIGIN = "com/salesforce/api/rest/";

    private RecordShape shape;
    private final String keyPrefix;
    private final EventBus bus;
    private final Clock clock;
    private ChangeEvents changeEvents;
    private final Map<String, Map<FieldPath, @Nullable Object>> records = new HashMap<>();
    private long lastNumber;

    public ObjectRecords(RecordShape shape, String keyPrefix, EventBus bus, Clock clock) {
        this.shape = shape;
        this.keyPrefix = keyPrefix;
        this.bus = bus;
        this.clock = clock;
        this.changeEvents = new ChangeEvents(shape);
        this.lastNumber = clock.millis();
    }

    /** Who changes a record, through which version of the API. */
    public record Author(String userId, String apiVersion) {}

    /** The schema of its change events as it is now. */
    public synchronized EventSchema schema() {
        return shape.schema();
    }

    /**
     * Stores a record and returns its id.
     *
     * @throws InvalidFieldException when Salesforce would refuse the body
     */
    public synchronized String create(JsonNode body, Author author) {
        var values = shape.parse(body);
        shape.requireComplete(values);
        values.values().removeIf(Objects::isNull);
        long now = clock.millis();
        values.putIfAbsent(shape.path("OwnerId"), author.userId());
        values.put(shape.path("CreatedDate"), now);
        values.put(shape.path(CREATED_BY), author.userId());
        values.put(shape.path("LastModifiedDate"), now);
        values.put(shape.path(LAST_MODIFIED_BY), author.userId());
        var id = SalesforceId.numbered(keyPrefix, ++lastNumber).value();
        records.put(id, values);
        emit(changeEvents.created(id, values, commit(now, author)));
        return id;
    }

    /**
     * Changes a record; false when there is none with this id.
     *
     * @throws InvalidFieldException when Salesforce would refuse the body
     */
    public synchronized boolean update(String id, JsonNode body, Author author) {
        var record = records.get(id);
        if (record == null) {
            return false;
        }
        var changes = shape.parse(body);
        long now = clock.millis();
        changes.put(shape.path(LAST_MODIFIED_BY), author.userId());
        changes.entrySet().removeIf(change -> Objects.equals(change.getValue(), record.get(change.getKey())));
        changes.put(shape.path("LastModifiedDate"), now);
        var event = changeEvents.updated(id, record, changes, commit(now, author));
        record.putAll(changes);
        emit(event);
        return true;
    }

    /** Removes a record; false when there is none with this id. */
    public synchronized boolean delete(String id, Author author) {
        if (records.remove(id) == null) {
            return false;
        }
        emit(changeEvents.deleted(id, commit(clock.millis(), author)));
        return true;
    }

    /** Tells subscribers that something happened, without saying what; without ids as after too many changes at once. */
    public synchronized void gap(ChangeType type, List<String> recordIds, Author author) {
        var ids = recordIds.isEmpty() ? List.of(NO_RECORD) : recordIds;
        emit(changeEvents.gap(type, ids, commit(clock.millis(), author)));
    }

    /** Gives the object other fields; what a record has in those that stay is kept. */
    public synchronized void redefine(RecordShape next) {
        records.replaceAll((_, values) -> shape.translate(values, next));
        shape = next;
        changeEvents = new ChangeEvents(next);
    }

    /** A record as a GET shows it: its id, and its fields by their names without those that are null. */
    public synchronized Optional<SortedMap<String, Object>> find(String id) {
        return Optional.ofNullable(records.get(id)).map(shape::named).map(fields -> {
            fields.put("Id", id);
            return fields;
        });
    }

    /** Every request is a transaction of its own. */
    private ChangeEvents.Commit commit(long now, Author author) {
        var origin = ORIGIN + author.apiVersion();
        return new ChangeEvents.Commit(UUID.randomUUID().toString(), 1, now, ++lastNumber, author.userId(), origin);
    }

    private void emit(GenericRecord event) {
        var id = UUID.randomUUID().toString();
        var topic = "/data/" + shape.schema().name();
        bus.append(new EventDraft(topic, id, shape.schema().id(), AvroPayload.encode(event)));
    }
}
