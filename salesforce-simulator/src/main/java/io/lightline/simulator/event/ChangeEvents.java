package io.lightline.simulator.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Makes the records of one object's change events: the header, and the values that the change set. */
final class ChangeEvents {

    private static final String HEADER = "ChangeEventHeader";

    private final RecordShape shape;
    private final Schema header;

    ChangeEvents(RecordShape shape) {
        this.shape = shape;
        this.header = shape.schema().avro().getField(HEADER).schema();
    }

    /** When, by whom and in which transaction a change was made. */
    record Commit(String transactionKey, int sequenceNumber, long timestamp, long number, String user, String origin) {}

    /** {@code changes} are the fields that have another value now; a null value is one that was emptied. */
    GenericRecord updated(
            String recordId,
            Map<FieldPath, @Nullable Object> before,
            Map<FieldPath, @Nullable Object> changes,
            Commit commit) {
        Map<FieldPath, @Nullable Object> sent = new HashMap<>(changes);
        var diffs = new ArrayList<FieldPath>();
        changes.forEach((path, value) -> {
            if (value instanceof String after && before.get(path) instanceof String text && shape.isLongText(path)) {
                TextDiff.of(text, after).ifPresent(diff -> {
                    sent.put(path, diff);
                    diffs.add(path);
                });
            }
        });
        var nulled = changes.keySet().stream()
                .filter(path -> changes.get(path) == null)
                .toList();
        return event(ChangeType.UPDATE, List.of(recordId), commit, sent, changes.keySet(), nulled, diffs);
    }

    /** That something happened to records, but not what. */
    GenericRecord gap(ChangeType type, List<String> recordIds, Commit commit) {
        return event(type, recordIds, commit, new HashMap<>(), List.of(), List.of(), List.of());
    }

    GenericRecord created(String recordId, Map<FieldPath, @Nullable Object> values, Commit commit) {
        return event(ChangeType.CREATE, List.of(recordId), commit, values, List.of(), List.of(), List.of());
    }

    GenericRecord deleted(String recordId, Commit commit) {
        return event(ChangeType.DELETE, List.of(recordId), commit, new HashMap<>(), List.of(), List.of(), List.of());
    }

    private GenericRecord event(
            ChangeType type,
            List<String> recordIds,
            Commit commit,
            Map<FieldPath, @Nullable Object> values,
            Collection<FieldPath> changed,
            Collection<FieldPath> nulled,
            Collection<FieldPath> diffs) {
        var head = new GenericData.Record(header);
        head.put("entityName", shape.entity());
        head.put("recordIds", recordIds);
        head.put(
                "changeType",
                new GenericData.EnumSymbol(header.getField("changeType").schema(), type));
        head.put("changeOrigin", commit.origin());
        head.put("transactionKey", commit.transactionKey());
        head.put("sequenceNumber", commit.sequenceNumber());
        head.put("commitTimestamp", commit.timestamp());
        head.put("commitNumber", commit.number());
        head.put("commitUser", commit.user());
        head.put("nulledFields", FieldBitmap.of(nulled));
        head.put("diffFields", FieldBitmap.of(diffs));
        head.put("changedFields", FieldBitmap.of(changed));
        var event = shape.toRecord(values);
        event.put(HEADER, head);
        return event;
    }
}
