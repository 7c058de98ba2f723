package io.lightline.salesforce.event;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the events of one Avro schema into JSON. Platform events carry all their fields. Change events, where an unchanged
 * field is null, carry what is not null and what the header names as changed: created, changed, nulled and enriched fields.
 * Not thread-safe.
 */
public final class EventDecoder {

    /** An event has 1 MB at most, so a longer string or array is none; Avro would make room for it before it looks. */
    private static final int LONGEST = 4 * 1024 * 1024;

    static {
        // Avro can be told in no other way. What the application has set stays.
        for (String what : new String[] {"string", "bytes", "collectionItems"}) {
            String limit = "org.apache.avro.limits." + what + ".maxLength";
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "" + LONGEST);
            }
        }
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final String CREATED = "CreatedDate";
    private static final String HEADER = "ChangeEventHeader";

    private final Schema schema;
    private final GenericDatumReader<GenericRecord> reader;

    private EventDecoder(Schema schema) {
        this.schema = schema;
        this.reader = new GenericDatumReader<>(schema);
    }

    /**
     * @param schemaJson as Salesforce answers to {@code GetSchema}
     * @throws UndecodableEventException when it is not an Avro record
     */
    public static EventDecoder of(String schemaJson) {
        try {
            Schema schema = new Schema.Parser().parse(schemaJson);
            if (schema.getType() != Schema.Type.RECORD) {
                throw new UndecodableEventException("The schema of an event is not a record but " + schema.getType());
            }
            return new EventDecoder(schema);
        } catch (AvroRuntimeException e) {
            throw new UndecodableEventException("The schema of an event is not one of Avro", e);
        }
    }

    /** @throws UndecodableEventException when the bytes were not written with this schema */
    public DecodedEvent decode(byte[] avro) {
        try {
            BinaryDecoder input = DecoderFactory.get().binaryDecoder(avro, null);
            // Avro takes null for «nothing to reuse».
            @SuppressWarnings("NullAway")
            GenericRecord event = reader.read(null, input);
            if (!input.isEnd()) {
                throw new UndecodableEventException("More bytes than a " + schema.getName() + " has");
            }
            return schema.getField(HEADER) == null ? platformEvent(event) : changeEvent(event);
        } catch (UndecodableEventException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Whatever Avro stumbles over in bytes that Salesforce did not check: this event is at fault, not the
            // stream.
            throw new UndecodableEventException("Not the bytes of a " + schema.getName(), e);
        }
    }

    private DecodedEvent platformEvent(GenericRecord event) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            JsonFields.writeAll(event, json);
        }
        return new DecodedEvent(schema.getName(), created(event), null, bytes.toByteArray());
    }

    private DecodedEvent changeEvent(GenericRecord event) throws IOException {
        var header = header((GenericRecord) event.get(HEADER));
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName(HEADER);
            JsonFields.writeAll(named((GenericRecord) event.get(HEADER), header), json);
            JsonFields.writeChanged(event, HEADER, namedFields(header), json);
            json.writeEndObject();
        }
        var committed = Instant.ofEpochMilli(header.commitTimestamp());
        return new DecodedEvent(schema.getName(), committed, header, bytes.toByteArray());
    }

    private static @Nullable Instant created(GenericRecord event) {
        return event.hasField(CREATED) && event.get(CREATED) instanceof Long milliseconds
                ? Instant.ofEpochMilli(milliseconds)
                : null;
    }

    private ChangeEventHeader header(GenericRecord raw) {
        return new ChangeEventHeader(
                text(raw, "entityName"),
                texts(raw, "recordIds"),
                text(raw, "changeType"),
                text(raw, "changeOrigin"),
                text(raw, "transactionKey"),
                ((Number) raw.get("sequenceNumber")).intValue(),
                ((Number) raw.get("commitTimestamp")).longValue(),
                ((Number) raw.get("commitNumber")).longValue(),
                text(raw, "commitUser"),
                FieldBitmaps.expand(texts(raw, "nulledFields"), schema),
                FieldBitmaps.expand(texts(raw, "diffFields"), schema),
                FieldBitmaps.expand(texts(raw, "changedFields"), schema));
    }

    /** The raw header with names in place of bitmaps, and everything else that Salesforce may have added to it. */
    private static GenericRecord named(GenericRecord raw, ChangeEventHeader header) {
        putIfDeclared(raw, "nulledFields", header.nulledFields());
        putIfDeclared(raw, "diffFields", header.diffFields());
        putIfDeclared(raw, "changedFields", header.changedFields());
        return raw;
    }

    private static void putIfDeclared(GenericRecord raw, String field, List<String> names) {
        if (raw.hasField(field)) {
            raw.put(field, names);
        }
    }

    private static Set<String> namedFields(ChangeEventHeader header) {
        var names = new HashSet<String>(header.changedFields());
        names.addAll(header.nulledFields());
        names.addAll(header.diffFields());
        return names;
    }

    private static String text(GenericRecord record, String field) {
        return String.valueOf(record.get(field));
    }

    /** Older schemas have fewer lists. */
    private static List<String> texts(GenericRecord record, String field) {
        return record.hasField(field) && record.get(field) instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }
}
