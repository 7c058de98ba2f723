package io.lightline.salesforce.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.salesforce.event.TemporalKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Dates and times from JSON, as ISO text or as milliseconds, which is what Avro carries. */
final class Moments {

    private static final long DAY = Duration.ofDays(1).toMillis();
    /** Also {@code +0000}, as Salesforce's REST API writes it. */
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX]")
            .toFormatter();

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("['Z']")
            .toFormatter();

    private Moments() {}

    /** @param field named in errors */
    static long milliseconds(String field, TemporalKind kind, JsonNode value) {
        if (value.isNumber()) {
            return inRange(field, kind, Numbers.whole(field, value));
        }
        if (!value.isTextual()) {
            throw new InvalidFieldException(field, wanted(kind) + ", not " + JsonKind.of(value));
        }
        try {
            return parsed(kind, value.textValue());
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidFieldException(field, wanted(kind) + ", not other text");
        }
    }

    private static long parsed(TemporalKind kind, String text) {
        return switch (kind) {
            case DATE_TIME -> DATE_TIME.parse(text, Instant::from).toEpochMilli();
            case DATE ->
                LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
            case TIME -> TIME.parse(text, LocalTime::from).toNanoOfDay() / 1_000_000;
        };
    }

    private static long inRange(String field, TemporalKind kind, long milliseconds) {
        if (kind == TemporalKind.TIME && (milliseconds < 0 || milliseconds >= DAY)) {
            throw new InvalidFieldException(field, "a time of day has 0 to " + (DAY - 1) + " milliseconds");
        }
        return milliseconds;
    }

    private static String wanted(TemporalKind kind) {
        return switch (kind) {
            case DATE_TIME -> "wants a date and time with a zone, as 2026-11-23T18:00:00Z, or milliseconds since 1970";
            case DATE -> "wants a date, as 2026-11-23, or milliseconds since 1970";
            case TIME -> "wants a time of day, as 18:00:00, or milliseconds since midnight";
        };
    }
}
