package io.lightline.simulator.event;

/** A field of an event or object, as an administrator would define it. */
public record FieldDefinition(String name, FieldType type, boolean required) {

    /** A field that may be left out. */
    public static FieldDefinition optional(String name, FieldType type) {
        return new FieldDefinition(name, type, false);
    }

    boolean custom() {
        return name.endsWith("__c");
    }

    /** A custom field's definition has an id, which its {@code doc} ends with. */
    String doc(String entity) {
        return custom()
                ? type.doc()
                        + ':'
                        + SalesforceId.named("00N", entity + '.' + name).shortForm()
                : type.doc();
    }
}
