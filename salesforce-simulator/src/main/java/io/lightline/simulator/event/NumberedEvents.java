package io.lightline.simulator.event;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Makes Platform Events for measurements, by number: the first text field carries the number, the first number field the time of
 * its making in microseconds since 1970, the second text field fills the payload up. Not thread-safe.
 */
public final class NumberedEvents {

    private final Clock clock;
    private final String topic;
    private final EventSchema schema;
    private final UUID run = UUID.randomUUID();
    private final String user;
    private final Optional<Schema.Field> number;
    private final Optional<Schema.Field> filler;
    private final Optional<Schema.Field> time;
    private final String filling;

    /** Events of about so many bytes of payload, published by a user. */
    public NumberedEvents(Clock clock, String topic, EventSchema schema, String user, int bytes) {
        this.clock = clock;
        this.topic = topic;
        this.schema = schema;
        this.user = user;
        var texts = ofType(schema, Schema.Type.STRING);
        this.number = texts.stream().findFirst();
        this.filler = texts.stream().skip(1).findFirst();
        this.time = ofType(schema, Schema.Type.DOUBLE).stream().findFirst();
        int bare = AvroPayload.encode(record(0, "")).size();
        this.filling = "x".repeat(Math.max(0, bytes - bare));
    }

    /** So many events with consecutive numbers. */
    public List<EventDraft> next(long first, int count) {
        var drafts = new ArrayList<EventDraft>(count);
        for (long n = first; n < first + count; n++) {
            // As unique as a random id, and a good deal cheaper.
            var id = new UUID(run.getMostSignificantBits(), n).toString();
            drafts.add(new EventDraft(topic, id, schema.id(), AvroPayload.encode(record(n, filling))));
        }
        return drafts;
    }

    private GenericRecord record(long n, String text) {
        var now = clock.instant();
        var record = new GenericData.Record(schema.avro());
        record.put("CreatedDate", now.toEpochMilli());
        record.put("CreatedById", user);
        number.ifPresent(field -> record.put(field.pos(), Long.toString(n)));
        filler.ifPresent(field -> record.put(field.pos(), text));
        time.ifPresent(field -> record.put(
                field.pos(), (double) (TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000)));
        return record;
    }

    private static List<Schema.Field> ofType(EventSchema schema, Schema.Type type) {
        return schema.avro().getFields().stream()
                .filter(field -> field.schema().isUnion())
                .filter(field -> field.schema().getTypes().stream().anyMatch(branch -> branch.getType() == type))
                .toList();
    }
}
