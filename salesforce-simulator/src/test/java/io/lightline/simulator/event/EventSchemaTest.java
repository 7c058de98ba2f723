package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EventSchemaTest {

    @Test
    void aPlatformEventBeginsWithItsSystemFields() {
        // when
        var schema =
                EventSchema.platformEvent("Order__e", List.of(FieldDefinition.optional("Status__c", FieldType.TEXT)));

        // then
        var fieldId = SalesforceId.named("00N", "Order__e.Status__c").shortForm();
        assertThat(schema.json()).isEqualTo("""
                        {"type":"record","name":"Order__e","namespace":"com.sforce.eventbus","fields":[\
                        {"name":"CreatedDate","type":"long","doc":"CreatedDate:DateTime"},\
                        {"name":"CreatedById","type":"string","doc":"CreatedBy:EntityId"},\
                        {"name":"Status__c","type":["null","string"],"doc":"Data:Text:%s","default":null}]}""".formatted(fieldId));
    }

    @Test
    void datesAndTimesDifferOnlyByTheirDoc() {
        // when
        var fields = Stream.of(FieldType.DATE, FieldType.DATETIME, FieldType.TIME)
                .map(type -> FieldDefinition.optional(type + "__c", type))
                .toList();
        var schema = EventSchema.platformEvent("Visit__e", fields).avro();

        // then
        assertThat(schema.getFields().subList(2, 5))
                .allSatisfy(field ->
                        assertThat(field.schema().getTypes().get(1).getType()).isEqualTo(Schema.Type.LONG))
                .extracting(field -> field.doc().substring(0, field.doc().lastIndexOf(':')))
                .containsExactly("Data:DateOnly", "Data:DateTime", "Data:TimeOnly");
    }

    @Test
    void theIdChangesWithTheDefinitionAndOnlyThen() {
        // given
        var text = List.of(FieldDefinition.optional("Status__c", FieldType.TEXT));
        var number = List.of(FieldDefinition.optional("Status__c", FieldType.NUMBER));

        // when
        var id = EventSchema.platformEvent("Order__e", text).id();

        // then
        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(id).isEqualTo(EventSchema.platformEvent("Order__e", text).id());
        assertThat(id)
                .isNotEqualTo(EventSchema.platformEvent("Order__e", number).id());
    }

    @Test
    void aChangeEventHasItsHeaderFirstAndItsCustomFieldsLast() {
        // when
        var schema = EventSchema.changeEvent(
                "Account",
                List.of(
                        FieldDefinition.optional("Active__c", FieldType.PICKLIST),
                        FieldDefinition.optional("Name", FieldType.SWITCHABLE_NAME)));

        // then
        assertThat(schema.name()).isEqualTo("AccountChangeEvent");
        assertThat(schema.avro().getFields())
                .extracting(Schema.Field::name)
                .containsExactly(
                        "ChangeEventHeader",
                        "Name",
                        "OwnerId",
                        "CreatedDate",
                        "CreatedById",
                        "LastModifiedDate",
                        "LastModifiedById",
                        "Active__c");
    }

    @Test
    void aCustomObjectsChangeEventIsNamedAsSalesforceNamesIt() {
        assertThat(EventSchema.changeEvent("Place__c", List.of()).name()).isEqualTo("Place__ChangeEvent");
    }

    @Test
    void aNamedTypeIsDefinedOnceAndTheSchemaCanBeReadBack() {
        // given
        var schema = EventSchema.changeEvent(
                "Account",
                List.of(
                        FieldDefinition.optional("BillingAddress", FieldType.ADDRESS),
                        FieldDefinition.optional("ShippingAddress", FieldType.ADDRESS)));

        // when
        var parsed = new Schema.Parser().parse(schema.json());

        // then
        assertThat(parsed).isEqualTo(schema.avro());
        assertThat(schema.json()).containsOnlyOnce("\"name\":\"Address\"").contains("[\"null\",\"Address\"]");
    }
}
