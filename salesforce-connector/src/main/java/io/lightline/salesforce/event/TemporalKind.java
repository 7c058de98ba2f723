package io.lightline.salesforce.event;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times, which Avro carries as milliseconds like any other long: only the field's {@code doc} tells, for example
 * {@code CreatedDate:DateTime} or {@code Data:DateOnly:00N…}. Written as empApi writes them, in UTC.
 */
public enum TemporalKind {
    DATE_TIME("DateTime", Formats.DATE_TIME::format),
    DATE("DateOnly", moment -> moment.atOffset(ZoneOffset.UTC).toLocalDate().toString()),
    TIME("TimeOnly", moment -> Formats.TIME.format(LocalTime.ofInstant(moment, ZoneOffset.UTC)));

    private final String docType;
    private final Function<Instant, String> format;

    TemporalKind(String docType, Function<Instant, String> format) {
        this.docType = docType;
        this.format = format;
    }

    /** Null for a field that is none of them. */
    public static @Nullable TemporalKind of(Schema.Field field) {
        String doc = field.doc();
        if (doc == null) {
            return null;
        }
        String[] parts = doc.split(":", 3);
        for (TemporalKind kind : values()) {
            if (parts.length > 1 && parts[1].equals(kind.docType)) {
                return kind;
            }
        }
        return null;
    }

    String text(long milliseconds) {
        return format.apply(Instant.ofEpochMilli(milliseconds));
    }

    /** An enum's constants come before its own static fields. */
    private static final class Formats {
        static final DateTimeFormatter DATE_TIME =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'");
    }
}
