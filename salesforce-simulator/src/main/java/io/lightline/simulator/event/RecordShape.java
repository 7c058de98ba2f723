package io.lightline.simulator.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * How the flat fields of Salesforce's REST API ({@code BillingCity}) lie in an event's record ({@code BillingAddress.City}).
 * Derived from the schema alone, so an Avro file and a configured definition work alike. Immutable.
 */
public final class RecordShape {

    private static final Set<String> READ_ONLY =
            Set.of("ChangeEventHeader", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById");

    private final EventSchema schema;
    private final String entity;
    private final Set<String> required;
    private final Map<String, FieldPath> paths = new LinkedHashMap<>();

    /** For the schema of what REST calls {@code entity}. */
    public RecordShape(EventSchema schema, String entity, Set<String> required) {
        this.schema = schema;
        this.entity = entity;
        this.required = Set.copyOf(required);
        schema.avro().getFields().forEach(this::index);
    }

    public EventSchema schema() {
        return schema;
    }

    public String entity() {
        return entity;
    }

    /**
     * The values of a request's body, with an explicit null for a field that is to be emptied.
     *
     * @throws InvalidFieldException when Salesforce would refuse the body
     */
    Map<FieldPath, @Nullable Object> parse(JsonNode body) {
        Map<FieldPath, @Nullable Object> values = new HashMap<>();
        for (var property : body.properties()) {
            var path = writablePath(property.getKey());
            values.put(path, FieldFormat.parse(property.getValue(), branch(path).getType(), doc(path)));
        }
        return values;
    }

    /**
     * A name in parts counts as well as one in a piece.
     *
     * @throws InvalidFieldException when a required field is not among the values
     */
    void requireComplete(Map<FieldPath, @Nullable Object> values) {
        var present = values.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry -> entry.getKey().field())
                .collect(Collectors.toSet());
        var missing = required.stream()
                .filter(name -> !present.contains(schema.avro().getField(name).pos()))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw InvalidFieldException.missing(missing);
        }
    }

    /** Whether the field is a text area, plain or rich. */
    boolean isLongText(FieldPath path) {
        return doc(path).contains("PlusClob");
    }

    /** The same values in another shape: those whose fields are still there. */
    Map<FieldPath, @Nullable Object> translate(Map<FieldPath, @Nullable Object> values, RecordShape other) {
        Map<FieldPath, @Nullable Object> translated = new HashMap<>();
        paths.forEach((name, path) -> {
            var target = other.paths.get(name);
            if (target != null && values.containsKey(path)) {
                translated.put(target, values.get(path));
            }
        });
        return translated;
    }

    FieldPath path(String name) {
        return Optional.ofNullable(paths.get(name)).orElseThrow(() -> InvalidFieldException.noSuchColumn(name, entity));
    }

    /** A record with these values; whatever is not among them is null. */
    GenericRecord toRecord(Map<FieldPath, @Nullable Object> values) {
        var record = new GenericData.Record(schema.avro());
        SortedMap<FieldPath, @Nullable Object> inOrder = new TreeMap<>(values);
        inOrder.forEach((path, value) -> {
            if (!path.nested()) {
                record.put(path.field(), value);
            } else if (value != null) {
                child(record, path).put(path.child(), value);
            }
        });
        return record;
    }

    /** The values by their REST names, as a GET shows them: without those that are null. */
    SortedMap<String, Object> named(Map<FieldPath, @Nullable Object> values) {
        SortedMap<String, Object> named = new TreeMap<>();
        paths.forEach((name, path) -> {
            var value = values.get(path);
            if (value != null) {
                named.put(name, FieldFormat.toJson(value, doc(path)));
            }
        });
        return named;
    }

    private void index(Schema.Field field) {
        for (var branch : branches(field.schema())) {
            switch (branch.getType()) {
                case NULL -> {}
                case RECORD -> branch.getFields().forEach(child -> indexChild(field, child));
                case STRING, BOOLEAN, INT, LONG, FLOAT, DOUBLE, BYTES, ENUM, FIXED, ARRAY, MAP, UNION ->
                    paths.put(field.name(), FieldPath.of(field.pos()));
            }
        }
    }

    private void indexChild(Schema.Field compound, Schema.Field child) {
        paths.put(restName(compound.name(), child.name()), new FieldPath(compound.pos(), child.pos()));
    }

    private static String restName(String compound, String child) {
        if (compound.endsWith("__c")) {
            return compound.substring(0, compound.length() - 1) + child + "__s";
        }
        return compound.endsWith("Address")
                ? compound.substring(0, compound.length() - "Address".length()) + child
                : child;
    }

    private FieldPath writablePath(String name) {
        var path = path(name);
        if (READ_ONLY.contains(schema.avro().getFields().get(path.field()).name())) {
            throw InvalidFieldException.notWritable(name);
        }
        return path;
    }

    private String doc(FieldPath path) {
        return Optional.ofNullable(schema.avro().getFields().get(path.field()).doc())
                .orElse("");
    }

    private Schema branch(FieldPath path) {
        var field = schema.avro().getFields().get(path.field());
        return path.nested()
                ? valueBranch(recordBranch(field).getFields().get(path.child()).schema())
                : valueBranch(field.schema());
    }

    private static GenericRecord child(GenericRecord parent, FieldPath path) {
        if (parent.get(path.field()) instanceof GenericRecord present) {
            return present;
        }
        var created = new GenericData.Record(
                recordBranch(parent.getSchema().getFields().get(path.field())));
        parent.put(path.field(), created);
        return created;
    }

    private static Schema recordBranch(Schema.Field compound) {
        return branches(compound.schema()).stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .findFirst()
                .orElseThrow();
    }

    private static Schema valueBranch(Schema schema) {
        return branches(schema).stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL && branch.getType() != Schema.Type.RECORD)
                .findFirst()
                .orElseThrow();
    }

    private static List<Schema> branches(Schema schema) {
        return schema.isUnion() ? schema.getTypes() : List.of(schema);
    }
}
