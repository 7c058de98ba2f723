package io.lightline.salesforce.event;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Writes Avro records as JSON objects, field by field in the order of their schema. */
final class JsonFields {

    private JsonFields() {}

    /** Every field, nulls too. */
    static void writeAll(GenericRecord record, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Schema.Field field : record.getSchema().getFields()) {
            json.writeFieldName(field.name());
            writeField(field, record.get(field.pos()), json);
        }
        json.writeEndObject();
    }

    /**
     * What is not null, and what is named (then null when it is). Goes one level into compound fields; their parts are named
     * with the field's name before a dot.
     */
    static void writeChanged(GenericRecord record, String except, Set<String> named, JsonGenerator json)
            throws IOException {
        for (Schema.Field field : record.getSchema().getFields()) {
            if (!field.name().equals(except)) {
                writeChanged(field, record.get(field.pos()), named, json);
            }
        }
    }

    private static void writeChanged(Schema.Field field, @Nullable Object value, Set<String> named, JsonGenerator json)
            throws IOException {
        String prefix = field.name() + ".";
        if (value instanceof GenericRecord compound) {
            json.writeObjectFieldStart(field.name());
            for (Schema.Field part : compound.getSchema().getFields()) {
                Object partValue = compound.get(part.pos());
                if (partValue != null || named.contains(prefix + part.name())) {
                    json.writeFieldName(part.name());
                    writeField(part, partValue, json);
                }
            }
            json.writeEndObject();
        } else if (value != null || named.contains(field.name())) {
            json.writeFieldName(field.name());
            writeField(field, value, json);
        } else if (named.stream().anyMatch(name -> name.startsWith(prefix))) {
            writeNulledParts(field.name(), prefix, named, json);
        }
    }

    /** All parts of a compound field are null, some of them because they were just emptied. */
    private static void writeNulledParts(String field, String prefix, Set<String> named, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (String name :
                named.stream().filter(part -> part.startsWith(prefix)).sorted().toList()) {
            json.writeNullField(name.substring(prefix.length()));
        }
        json.writeEndObject();
    }

    private static void writeField(Schema.Field field, @Nullable Object value, JsonGenerator json) throws IOException {
        TemporalKind kind = value instanceof Long ? TemporalKind.of(field) : null;
        if (kind != null && value instanceof Long milliseconds) {
            json.writeString(kind.text(milliseconds));
        } else {
            write(field.schema(), value, json);
        }
    }

    private static void write(Schema schema, @Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        switch (schema.getType()) {
            case RECORD -> writeAll((GenericRecord) value, json);
            case UNION -> write(schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value, json);
            case ARRAY -> writeArray(schema.getElementType(), (Collection<?>) value, json);
            case MAP -> writeMap(schema.getValueType(), (Map<?, ?>) value, json);
            case STRING, ENUM -> json.writeString(value.toString());
            case INT -> json.writeNumber((int) value);
            case LONG -> json.writeNumber((long) value);
            case FLOAT -> json.writeNumber((float) value);
            case DOUBLE -> json.writeNumber((double) value);
            case BOOLEAN -> json.writeBoolean((boolean) value);
            case BYTES -> json.writeBinary(bytes((ByteBuffer) value));
            case FIXED -> json.writeBinary(((GenericFixed) value).bytes());
            case NULL -> json.writeNull();
        }
    }

    private static void writeArray(Schema element, Collection<?> values, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Object value : values) {
            write(element, value, json);
        }
        json.writeEndArray();
    }

    private static void writeMap(Schema type, Map<?, ?> entries, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            json.writeFieldName(String.valueOf(entry.getKey()));
            write(type, entry.getValue(), json);
        }
        json.writeEndObject();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
