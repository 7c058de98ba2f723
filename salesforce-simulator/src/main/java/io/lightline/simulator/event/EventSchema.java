package io.lightline.simulator.event;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * An Avro schema as {@code GetSchema} answers it. Its id is a hash of its content (22 characters of base64url), so an id
 * never changes its meaning and a changed definition has a new id.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-avro-serialization.html">Event Data
 *     Serialization with Apache Avro</a>
 */
public record EventSchema(Schema avro, String id) {

    private static final String NAMESPACE = "com.sforce.eventbus";
    private static final int HASH_LENGTH = 16;

    public static EventSchema of(Schema avro) {
        var hash = Arrays.copyOf(SalesforceId.sha256(avro.toString()), HASH_LENGTH);
        return new EventSchema(avro, Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    /** A Platform Event's: two system fields that are always there, then its own. */
    public static EventSchema platformEvent(String name, List<FieldDefinition> fields) {
        var system = Stream.of(
                new Schema.Field("CreatedDate", Schema.create(Schema.Type.LONG), "CreatedDate:DateTime"),
                new Schema.Field("CreatedById", Schema.create(Schema.Type.STRING), "CreatedBy:EntityId"));
        return record(name, Stream.concat(system, avroFields(name, fields.stream())));
    }

    /** An object's change event: the header, standard fields, system fields, and custom fields at last. */
    public static EventSchema changeEvent(String entity, List<FieldDefinition> fields) {
        var header = new Schema.Field("ChangeEventHeader", header(), "Data:ComplexValueType");
        var standard = fields.stream().filter(field -> !field.custom());
        var custom = fields.stream().filter(FieldDefinition::custom);
        return record(
                entity.endsWith("__c")
                        ? entity.substring(0, entity.length() - 1) + "ChangeEvent"
                        : entity + "ChangeEvent",
                Stream.of(Stream.of(header), avroFields(entity, standard), systemFields(), avroFields(entity, custom))
                        .flatMap(each -> each));
    }

    /** As {@code schema_json} carries it. */
    public String json() {
        return avro.toString();
    }

    /** The API name of the event, by which a subscriber of a channel with several types tells them apart. */
    public String name() {
        return avro.getName();
    }

    private static EventSchema record(String name, Stream<Schema.Field> fields) {
        return of(Schema.createRecord(name, null, NAMESPACE, false, fields.toList()));
    }

    /** Named types are defined once and then referred to by their name, so all fields of a type share one schema. */
    private static Stream<Schema.Field> avroFields(String entity, Stream<FieldDefinition> fields) {
        return fields.map(field -> nullable(field.name(), field.type().schema(), field.doc(entity)));
    }

    private static Stream<Schema.Field> systemFields() {
        return Stream.of(
                nullable("OwnerId", FieldType.REFERENCE.schema(), FieldType.REFERENCE.doc()),
                nullable("CreatedDate", FieldType.DATETIME.schema(), "CreatedDate:DateTime"),
                nullable("CreatedById", FieldType.REFERENCE.schema(), FieldType.REFERENCE.doc()),
                nullable("LastModifiedDate", FieldType.DATETIME.schema(), FieldType.DATETIME.doc()),
                nullable("LastModifiedById", FieldType.REFERENCE.schema(), FieldType.REFERENCE.doc()));
    }

    private static Schema.Field nullable(String name, Schema type, String doc) {
        return new Schema.Field(name, type, doc, Schema.Field.NULL_DEFAULT_VALUE);
    }

    private static Schema header() {
        var names = Schema.createArray(Schema.create(Schema.Type.STRING));
        var changeTypes = Stream.of(ChangeType.values()).map(Enum::name).toList();
        return SchemaBuilder.record("ChangeEventHeader")
                .namespace(NAMESPACE)
                .fields()
                .requiredString("entityName")
                .name("recordIds")
                .type(names)
                .noDefault()
                .name("changeType")
                .type(Schema.createEnum("ChangeType", null, NAMESPACE, changeTypes))
                .noDefault()
                .requiredString("changeOrigin")
                .requiredString("transactionKey")
                .requiredInt("sequenceNumber")
                .requiredLong("commitTimestamp")
                .requiredLong("commitNumber")
                .requiredString("commitUser")
                .name("nulledFields")
                .type(names)
                .noDefault()
                .name("diffFields")
                .type(names)
                .noDefault()
                .name("changedFields")
                .type(names)
                .noDefault()
                .endRecord();
    }
}
