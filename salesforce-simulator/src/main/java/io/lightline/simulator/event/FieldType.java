package io.lightline.simulator.event;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * The field types that a configuration may use, each with its Avro type and the {@code doc} by which Salesforce tells
 * apart what Avro does not: a date, a time and a timestamp are all {@code long}.
 */
public enum FieldType {
    TEXT(Schema.Type.STRING, "Data:Text"),
    TEXTAREA(Schema.Type.STRING, "Data:StringPlusClob"),
    RICHTEXT(Schema.Type.STRING, "Data:HtmlStringPlusClob"),
    PICKLIST(Schema.Type.STRING, "Data:DynamicEnum"),
    MULTIPICKLIST(Schema.Type.STRING, "Data:MultiEnum"),
    EMAIL(Schema.Type.STRING, "Data:Email"),
    PHONE(Schema.Type.STRING, "Data:Phone"),
    FAX(Schema.Type.STRING, "Data:Fax"),
    URL(Schema.Type.STRING, "Data:Url"),
    REFERENCE(Schema.Type.STRING, "ForeignKey:EntityId"),
    NUMBER(Schema.Type.DOUBLE, "Data:Double"),
    CURRENCY(Schema.Type.DOUBLE, "Data:Currency"),
    PERCENT(Schema.Type.DOUBLE, "Data:Percent"),
    INTEGER(Schema.Type.INT, "Data:Integer"),
    CHECKBOX(Schema.Type.BOOLEAN, "Data:Boolean"),
    DATE(Schema.Type.LONG, "Data:DateOnly"),
    DATETIME(Schema.Type.LONG, "Data:DateTime"),
    TIME(Schema.Type.LONG, "Data:TimeOnly"),
    /** Street, city and so on in one field, as {@code BillingAddress}; REST writes {@code BillingStreet}. */
    ADDRESS(Schema.Type.RECORD, "Data:Address"),
    /** A custom geolocation field; REST writes {@code Place__Latitude__s}. */
    LOCATION(Schema.Type.RECORD, "Data:Location"),
    /** The name of a person: first name, last name and so on. */
    PERSON_NAME(Schema.Type.RECORD, "Data:PersonName"),
    /** {@code Account.Name}: a string for a business, a record for a person. */
    SWITCHABLE_NAME(Schema.Type.RECORD, "Data:Switchable_PersonName");

    private static final String NAMESPACE = "com.sforce.eventbus";

    private final Schema.Type avro;
    private final String doc;

    FieldType(Schema.Type avro, String doc) {
        this.avro = avro;
        this.doc = doc;
    }

    String doc() {
        return doc;
    }

    /** {@code ["null", T]}: every field of an event may be absent. */
    Schema schema() {
        var none = Schema.create(Schema.Type.NULL);
        return switch (this) {
            case ADDRESS -> Schema.createUnion(none, address());
            case LOCATION -> Schema.createUnion(none, location());
            case PERSON_NAME -> Schema.createUnion(none, personName("PersonName"));
            case SWITCHABLE_NAME ->
                Schema.createUnion(none, Schema.create(Schema.Type.STRING), personName("Switchable_PersonName"));
            case TEXT,
                    TEXTAREA,
                    RICHTEXT,
                    PICKLIST,
                    MULTIPICKLIST,
                    EMAIL,
                    PHONE,
                    FAX,
                    URL,
                    REFERENCE,
                    NUMBER,
                    CURRENCY,
                    PERCENT,
                    INTEGER,
                    CHECKBOX,
                    DATE,
                    DATETIME,
                    TIME -> Schema.createUnion(none, Schema.create(avro));
        };
    }

    private static Schema address() {
        return SchemaBuilder.record("Address")
                .namespace(NAMESPACE)
                .fields()
                .optionalString("Street")
                .optionalString("City")
                .optionalString("State")
                .optionalString("PostalCode")
                .optionalString("Country")
                .optionalString("StateCode")
                .optionalString("CountryCode")
                .optionalDouble("Latitude")
                .optionalDouble("Longitude")
                .optionalString("Xyz")
                .optionalString("GeocodeAccuracy")
                .endRecord();
    }

    private static Schema location() {
        return SchemaBuilder.record("Location")
                .namespace(NAMESPACE)
                .fields()
                .optionalDouble("Latitude")
                .optionalDouble("Longitude")
                .endRecord();
    }

    private static Schema personName(String name) {
        return SchemaBuilder.record(name)
                .namespace(NAMESPACE)
                .fields()
                .optionalString("Salutation")
                .optionalString("FirstName")
                .optionalString("LastName")
                .optionalString("MiddleName")
                .optionalString("InformalName")
                .optionalString("Suffix")
                .endRecord();
    }
}
