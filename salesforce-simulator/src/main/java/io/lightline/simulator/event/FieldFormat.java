package io.lightline.simulator.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the values of Salesforce's REST JSON and Avro's, where dates and times are milliseconds since 1970 or
 * midnight. As strict as Salesforce: a number is not a text.
 */
final class FieldFormat {

    /** Salesforce's own {@code +0000} as well as ISO's {@code Z} and {@code +00:00}. */
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm[:ss[.SSS]][XXX][XX]", Locale.ROOT);

    private static final DateTimeFormatter WRITTEN_DATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm[:ss[.SSS]]['Z']", Locale.ROOT);

    private FieldFormat() {}

    /** What a long stands for, which only a field's {@code doc} tells. */
    private enum Temporal {
        DATE,
        TIME,
        DATETIME;

        static Temporal of(String doc) {
            if (doc.contains("DateOnly") || doc.contains("Birthday")) {
                return DATE;
            }
            return doc.contains("TimeOnly") ? TIME : DATETIME;
        }
    }

    /** An Avro value as REST shows it. */
    static Object toJson(Object value, String doc) {
        if (!(value instanceof Long millis)) {
            return value;
        }
        var moment = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
        return switch (Temporal.of(doc)) {
            case DATE -> moment.toLocalDate().toString();
            case TIME -> TIME.format(moment.toLocalTime());
            case DATETIME -> WRITTEN_DATE_TIME.format(moment);
        };
    }

    static @Nullable Object parse(JsonNode value, Schema.Type type, String doc) {
        if (value.isNull()) {
            return null;
        }
        return switch (type) {
            case STRING -> demand(value.isTextual(), value, "string").textValue();
            case BOOLEAN -> demand(value.isBoolean(), value, "boolean").booleanValue();
            case DOUBLE -> demand(value.isNumber(), value, "double").doubleValue();
            case INT ->
                demand(value.canConvertToInt() && value.isIntegralNumber(), value, "int")
                        .intValue();
            case LONG -> millis(value, doc);
            case RECORD, ENUM, ARRAY, MAP, UNION, FIXED, BYTES, FLOAT, NULL -> throw wrongType(value, type.getName());
        };
    }

    private static long millis(JsonNode value, String doc) {
        var temporal = Temporal.of(doc);
        var type = temporal.name().toLowerCase(Locale.ROOT);
        var text = demand(value.isTextual(), value, type).textValue();
        try {
            return switch (temporal) {
                case DATE ->
                    LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli();
                case TIME -> LocalTime.parse(text, TIME).toNanoOfDay() / 1_000_000;
                case DATETIME ->
                    OffsetDateTime.parse(text, DATE_TIME).toInstant().toEpochMilli();
            };
        } catch (DateTimeException unreadable) {
            throw wrongType(value, type);
        }
    }

    private static JsonNode demand(boolean fits, JsonNode value, String type) {
        if (!fits) {
            throw wrongType(value, type);
        }
        return value;
    }

    private static InvalidFieldException wrongType(JsonNode value, String type) {
        return InvalidFieldException.wrongType(type, value.asToken().name(), value.asText());
    }
}
