package io.lightline.simulator.event;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event's fields as the Streaming API shows them, by name and in the schema's order: dates and times as text, a change
 * event's bitmaps as names, and of a change event only what has a value.
 */
public final class EventJson {

    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'", Locale.ROOT);
    private static final String HEADER = "ChangeEventHeader";

    private EventJson() {}

    /** The payload's fields, or nothing for bytes that the schema does not describe. */
    public static Optional<Map<String, @Nullable Object>> payload(BusEvent event, EventSchema schema) {
        return AvroPayload.record(event.payload(), schema).map(EventJson::fields);
    }

    private static Map<String, @Nullable Object> fields(GenericRecord event) {
        boolean change = event.getSchema().getField(HEADER) != null;
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var field : event.getSchema().getFields()) {
            var value = value(event.get(field.pos()), field, event.getSchema());
            if (value != null || !change) {
                fields.put(field.name(), value);
            }
        }
        return fields;
    }

    private static @Nullable Object value(@Nullable Object value, Schema.Field field, Schema event) {
        return switch (value) {
            case null -> null;
            case Long millis -> moment(millis, Optional.ofNullable(field.doc()).orElse(""));
            case GenericRecord record -> present(record, event);
            case Collection<?> items when field.name().endsWith("Fields") -> names(items, event);
            case Collection<?> items -> items.stream().map(String::valueOf).toList();
            case Number number -> number;
            case Boolean flag -> flag;
            default -> value.toString();
        };
    }

    private static Map<String, @Nullable Object> present(GenericRecord record, Schema event) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var field : record.getSchema().getFields()) {
            var value = value(record.get(field.pos()), field, event);
            if (value != null) {
                fields.put(field.name(), value);
            }
        }
        return fields;
    }

    private static Object moment(long millis, String doc) {
        var moment = Instant.ofEpochMilli(millis);
        if (doc.contains("DateTime") || doc.contains("CreatedDate")) {
            return DATE_TIME.format(moment);
        }
        if (doc.contains("DateOnly")) {
            return moment.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        }
        return doc.contains("TimeOnly") ? TIME.format(LocalTime.ofInstant(moment, ZoneOffset.UTC)) : (Object) millis;
    }

    /** The reverse of {@link FieldBitmap}. */
    private static List<String> names(Collection<?> bitmaps, Schema event) {
        var names = new ArrayList<String>();
        for (var bitmap : bitmaps) {
            var parts = bitmap.toString().split("-", 2);
            if (parts.length == 1) {
                bits(parts[0])
                        .forEach(bit -> names.add(event.getFields().get(bit).name()));
            } else {
                var compound = event.getFields().get(Integer.parseInt(parts[0]));
                bits(parts[1])
                        .forEach(bit -> names.add(compound.name() + "."
                                + recordOf(compound).getFields().get(bit).name()));
            }
        }
        return names;
    }

    private static IntStream bits(String hex) {
        var bits = new BigInteger(hex.substring("0x".length()), 16);
        return IntStream.range(0, bits.bitLength()).filter(bits::testBit);
    }

    private static Schema recordOf(Schema.Field compound) {
        return compound.schema().getTypes().stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .findFirst()
                .orElseThrow();
    }
}
