package io.lightline.salesforce.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lightline.salesforce.event.TemporalKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON into the events of one Avro schema. Salesforce does not look into a payload, so every mistake has to be found
 * here: a field that the schema does not know, a missing one, a value of the wrong kind or out of range. Fields that are left
 * out, or null, are null. Not thread-safe.
 */
final class EventEncoder {

    /** Salesforce's own limit. */
    private static final int LARGEST = 1_000_000;

    private static final String CREATED = "CreatedDate";
    private static final String CREATOR = "CreatedById";
    private static final Set<String> OURS = Set.of(CREATED, CREATOR);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Schema schema;

    private EventEncoder(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param schemaJson as Salesforce answers to {@code GetSchema}
     * @throws IllegalArgumentException when it is not an Avro record
     */
    static EventEncoder of(String schemaJson) {
        try {
            Schema schema = new Schema.Parser().parse(schemaJson);
            if (schema.getType() == Schema.Type.RECORD) {
                return new EventEncoder(schema);
            }
            throw new IllegalArgumentException("The schema of an event is not a record but " + schema.getType());
        } catch (AvroRuntimeException e) {
            throw new IllegalArgumentException("The schema of an event is not one of Avro", e);
        }
    }

    /**
     * @param creator id of the user who publishes
     * @throws InvalidFieldException when the JSON is no such event
     */
    byte[] encode(byte[] json, Instant created, String creator) {
        JsonNode fields = parse(json);
        OURS.stream().filter(fields::has).findFirst().ifPresent(field -> {
            throw new InvalidFieldException(field, "is filled in when the event is published");
        });
        var event = record("", schema, fields, OURS);
        putIfDeclared(event, CREATED, created.toEpochMilli());
        putIfDeclared(event, CREATOR, creator);
        byte[] bytes = write(event);
        if (bytes.length > LARGEST) {
            throw new InvalidFieldException(null, "the event has " + bytes.length + " bytes, and may have " + LARGEST);
        }
        return bytes;
    }

    private static JsonNode parse(byte[] json) {
        JsonNode fields;
        try {
            fields = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidFieldException(null, "the event is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!fields.isObject()) {
            throw new InvalidFieldException(null, "the event is an object, not " + JsonKind.of(fields));
        }
        return fields;
    }

    private static GenericRecord record(String around, Schema type, JsonNode fields, Set<String> later) {
        fields.fieldNames().forEachRemaining(name -> {
            if (type.getField(name) == null) {
                throw new InvalidFieldException(around + name, type.getName() + " has no such field");
            }
        });
        var record = new GenericData.Record(type);
        for (Schema.Field field : type.getFields()) {
            if (!later.contains(field.name())) {
                record.put(field.pos(), value(around + field.name(), field, fields.path(field.name())));
            }
        }
        return record;
    }

    private static @Nullable Object value(String path, Schema.Field field, JsonNode value) {
        if (value.isMissingNode() && field.hasDefaultValue()) {
            return GenericData.get().getDefaultValue(field);
        }
        if (value.isMissingNode() || value.isNull()) {
            return nothing(path, field.schema());
        }
        TemporalKind kind = TemporalKind.of(field);
        return kind == null ? value(path, field.schema(), value) : (Object) Moments.milliseconds(path, kind, value);
    }

    private static @Nullable Object nothing(String path, Schema type) {
        if (!type.isNullable()) {
            throw new InvalidFieldException(path, "is required");
        }
        return null;
    }

    private static @Nullable Object value(String path, Schema type, JsonNode value) {
        if (value.isNull()) {
            return nothing(path, type);
        }
        return switch (type.getType()) {
            case UNION -> value(path, branch(path, type, value), value);
            case RECORD -> record(path + ".", type, wanted(path, value, value.isObject(), "an object"), Set.of());
            case ARRAY -> list(path, type.getElementType(), wanted(path, value, value.isArray(), "an array"));
            case MAP -> map(path, type.getValueType(), wanted(path, value, value.isObject(), "an object"));
            case STRING -> text(path, value);
            case ENUM -> symbol(path, type, text(path, value));
            case BYTES -> ByteBuffer.wrap(binary(path, value));
            case FIXED -> fixed(path, type, binary(path, value));
            case INT -> Numbers.small(path, value);
            case LONG -> Numbers.whole(path, value);
            case FLOAT -> Numbers.smallFraction(path, value);
            case DOUBLE -> Numbers.fraction(path, value);
            case BOOLEAN ->
                wanted(path, value, value.isBoolean(), "true or false").booleanValue();
            case NULL -> wanted(path, value, false, "null");
        };
    }

    /** The first one of that kind, as a person's name is a record and a business's a text; else an error of the first. */
    private static Schema branch(String path, Schema union, JsonNode value) {
        List<Schema> branches = union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (branches.size() == 1) {
            return branches.getFirst();
        }
        return branches.stream()
                .filter(branch -> fits(branch, value))
                .findFirst()
                .orElseThrow(() -> new InvalidFieldException(
                        path,
                        "wants " + branches.stream().map(EventEncoder::kind).collect(Collectors.joining(" or "))
                                + ", not " + JsonKind.of(value)));
    }

    private static boolean fits(Schema type, JsonNode value) {
        return kind(type).equals(JsonKind.of(value));
    }

    private static String kind(Schema type) {
        return switch (type.getType()) {
            case RECORD, MAP -> "an object";
            case ARRAY -> "an array";
            case STRING, ENUM, BYTES, FIXED -> "text";
            case INT, LONG, FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, UNION -> "null";
        };
    }

    private static List<@Nullable Object> list(String path, Schema element, JsonNode values) {
        var list = new ArrayList<@Nullable Object>(values.size());
        for (JsonNode value : values) {
            list.add(value(path + "[" + list.size() + "]", element, value));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(String path, Schema type, JsonNode entries) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        entries.properties()
                .forEach(entry -> map.put(entry.getKey(), value(path + "." + entry.getKey(), type, entry.getValue())));
        return map;
    }

    private static String text(String path, JsonNode value) {
        return wanted(path, value, value.isTextual(), "text").textValue();
    }

    private static GenericData.EnumSymbol symbol(String path, Schema type, String name) {
        if (!type.hasEnumSymbol(name)) {
            throw new InvalidFieldException(path, "wants one of " + type.getEnumSymbols());
        }
        return new GenericData.EnumSymbol(type, name);
    }

    private static GenericData.Fixed fixed(String path, Schema type, byte[] bytes) {
        if (bytes.length != type.getFixedSize()) {
            throw new InvalidFieldException(path, "wants " + type.getFixedSize() + " bytes in base64");
        }
        return new GenericData.Fixed(type, bytes);
    }

    private static byte[] binary(String path, JsonNode value) {
        try {
            return wanted(path, value, value.isTextual(), "bytes in base64").binaryValue();
        } catch (IOException e) {
            throw new InvalidFieldException(path, "wants bytes in base64, not other text");
        }
    }

    private static JsonNode wanted(String path, JsonNode value, boolean fits, String wanted) {
        if (!fits) {
            throw new InvalidFieldException(path, "wants " + wanted + ", not " + JsonKind.of(value));
        }
        return value;
    }

    private static void putIfDeclared(GenericRecord event, String field, Object value) {
        if (event.hasField(field)) {
            event.put(field, value);
        }
    }

    private byte[] write(GenericRecord event) {
        try {
            var bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
