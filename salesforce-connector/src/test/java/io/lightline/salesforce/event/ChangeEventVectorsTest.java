package io.lightline.salesforce.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Change events byte by byte, with the bitmaps that Salesforce documents or that were recorded from real orgs, over a schema of
 * 87 fields as a real Account has them.
 */
class ChangeEventVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TYPES = List.of(
            "CREATE",
            "UPDATE",
            "DELETE",
            "UNDELETE",
            "GAP_CREATE",
            "GAP_UPDATE",
            "GAP_DELETE",
            "GAP_UNDELETE",
            "GAP_OVERFLOW",
            "SNAPSHOT");
    private static final int FIELDS = 87;
    private static final int ADDRESS_PARTS = 11;

    private static final String HEADER =
            """
            {"name": "ChangeEventHeader", "type": {"type": "record", "name": "ChangeEventHeader", "fields": [
              {"name": "entityName", "type": "string"},
              {"name": "recordIds", "type": {"type": "array", "items": "string"}},
              {"name": "changeType", "type": {"type": "enum", "name": "ChangeType", "symbols": [%s]}},
              {"name": "changeOrigin", "type": "string"},
              {"name": "transactionKey", "type": "string"},
              {"name": "sequenceNumber", "type": "int"},
              {"name": "commitTimestamp", "type": "long"},
              {"name": "commitNumber", "type": "long"},
              {"name": "commitUser", "type": "string"},
              {"name": "nulledFields", "type": {"type": "array", "items": "string"}},
              {"name": "diffFields", "type": {"type": "array", "items": "string"}},
              {"name": "changedFields", "type": {"type": "array", "items": "string"}}
            ]}}""".formatted(TYPES.stream().collect(Collectors.joining("\", \"", "\"", "\"")));

    private static final String ADDRESS = """
            {"type": "record", "name": "Address", "fields": [
              {"name": "Street", "type": ["null", "string"]},
              {"name": "City", "type": ["null", "string"]},
              {"name": "State", "type": ["null", "string"]},
              {"name": "PostalCode", "type": ["null", "string"]},
              {"name": "Country", "type": ["null", "string"]},
              {"name": "StateCode", "type": ["null", "string"]},
              {"name": "CountryCode", "type": ["null", "string"]},
              {"name": "Latitude", "type": ["null", "double"]},
              {"name": "Longitude", "type": ["null", "double"]},
              {"name": "Xyz", "type": ["null", {"type": "record", "name": "Location", "fields": [
                {"name": "Latitude", "type": ["null", "double"]},
                {"name": "Longitude", "type": ["null", "double"]}]}]},
              {"name": "GeocodeAccuracy", "type": ["null", "string"]}
            ]}""";

    private static final String PERSON_NAME = """
            {"type": "record", "name": "Switchable_PersonName", "fields": [
              {"name": "Salutation", "type": ["null", "string"]},
              {"name": "FirstName", "type": ["null", "string"]},
              {"name": "LastName", "type": ["null", "string"]}
            ]}""";

    private final EventDecoder accounts = EventDecoder.of(schema(Map.of(
            1, "{\"name\": \"Name\", \"type\": [\"null\", \"string\", " + PERSON_NAME + "], \"default\": null}",
            4, "{\"name\": \"BillingAddress\", \"type\": [\"null\", " + ADDRESS + "], \"default\": null}",
            6, "{\"name\": \"ShippingAddress\", \"type\": [\"null\", \"Address\"], \"default\": null}",
            7, "{\"name\": \"Fax\", \"type\": [\"null\", \"string\"], \"doc\": \"Data:Fax\", \"default\": null}",
            22,
                    "{\"name\": \"Since__c\", \"type\": [\"null\", \"long\"], \"doc\": \"Data:DateOnly:00N1\", \"default\": null}",
            23,
                    "{\"name\": \"LastModifiedDate\", \"type\": [\"null\", \"long\"], \"doc\": \"Data:DateTime\", \"default\": null}",
            24,
                    "{\"name\": \"Opens__c\", \"type\": [\"null\", \"long\"], \"doc\": \"Data:TimeOnly:00N2\", \"default\": null}",
            68, "{\"name\": \"Amount_Owed__c\", \"type\": [\"null\", \"double\"], \"default\": null}")));

    @Test
    void plainBitmapOfMoreThanSixtyFourBits() {
        // when
        DecodedEvent event = accounts.decode(update(
                List.of("0x100000000000800000"),
                Map.of(
                        23, avro -> avro.number(1).number(1_700_000_000_000L),
                        68, avro -> avro.number(1).decimal(12.5))));

        // then
        assertThat(changed(event)).containsExactly("LastModifiedDate", "Amount_Owed__c");
        assertThat(fields(event)).isEqualTo(json("""
                {"LastModifiedDate": "2023-11-14T22:13:20.000Z", "Amount_Owed__c": 12.5}"""));
    }

    @Test
    void bitmapOfFieldsBesideOneOfParts() {
        // when
        DecodedEvent event = accounts.decode(update(
                List.of("0x800000", "6-0x01"),
                Map.of(
                        6,
                                avro -> address(
                                        avro.number(1),
                                        Map.of(0, part -> part.number(1).text("Ring 1"))),
                        23, avro -> avro.number(1).number(0))));

        // then
        assertThat(changed(event)).containsExactly("LastModifiedDate", "ShippingAddress.Street");
        assertThat(fields(event)).isEqualTo(json("""
                {"ShippingAddress": {"Street": "Ring 1"}, "LastModifiedDate": "1970-01-01T00:00:00.000Z"}"""));
    }

    @Test
    void bitmapOfPartsAlone() {
        // when
        DecodedEvent event = accounts.decode(update(
                List.of("6-0x0180"),
                Map.of(
                        6,
                        avro -> address(
                                avro.number(1),
                                Map.of(
                                        7, part -> part.number(1).decimal(48.25),
                                        8, part -> part.number(1).decimal(11.5))))));

        // then
        assertThat(changed(event)).containsExactly("ShippingAddress.Latitude", "ShippingAddress.Longitude");
        assertThat(fields(event)).isEqualTo(json("""
                {"ShippingAddress": {"Latitude": 48.25, "Longitude": 11.5}}"""));
    }

    @Test
    void documentedExampleOfFieldsAndPartsOfTwoCompounds() {
        // given
        EventDecoder decoder = EventDecoder.of(schema(Map.of(
                4,
                "{\"name\": \"BillingAddress\", \"type\": [\"null\", " + ADDRESS + "], \"default\": null}",
                7,
                "{\"name\": \"ShippingAddress\", \"type\": [\"null\", \"Address\"], \"default\": null}")));

        // when
        DecodedEvent event = decoder.decode(update(List.of("0x650004E0", "4-0x10", "7-0x06"), Map.of()));

        // then
        assertThat(changed(event))
                .containsExactly(
                        "F5",
                        "F6",
                        "ShippingAddress",
                        "F10",
                        "F24",
                        "F26",
                        "F29",
                        "F30",
                        "BillingAddress.Country",
                        "ShippingAddress.City",
                        "ShippingAddress.State");
        assertThat(fields(event).get("F5").isNull()).isTrue();
        assertThat(fields(event).has("F4")).isFalse();
    }

    @Test
    void threeWayUnionIsATextForABusinessAndAnObjectForAPerson() {
        // when
        DecodedEvent business = accounts.decode(
                update(List.of("0x800002"), Map.of(1, avro -> avro.number(1).text("Acme"))));
        DecodedEvent person = accounts.decode(update(
                List.of("1-0x06"),
                Map.of(
                        1,
                        avro -> avro.number(2)
                                .nothing()
                                .number(1)
                                .text("Ada")
                                .number(1)
                                .text("Lovelace"))));

        // then
        assertThat(changed(business)).containsExactly("Name", "LastModifiedDate");
        assertThat(fields(business)).isEqualTo(json("""
                {"Name": "Acme", "LastModifiedDate": null}"""));
        assertThat(changed(person)).containsExactly("Name.FirstName", "Name.LastName");
        assertThat(fields(person)).isEqualTo(json("""
                {"Name": {"FirstName": "Ada", "LastName": "Lovelace"}}"""));
    }

    @Test
    void nulledAndDiffFieldsAreNamedAndANulledFieldIsNull() {
        // when
        DecodedEvent event = accounts.decode(event(
                "UPDATE",
                List.of("001000000000001AAA"),
                List.of("0x0400080", "6-0x03"),
                List.of("0x80", "6-0x02"),
                List.of("0x0200"),
                Map.of(
                        6,
                                avro -> address(
                                        avro.number(1),
                                        Map.of(0, part -> part.number(1).text("Ring 1"))),
                        9, avro -> avro.number(1).text("@@ -1 +1 @@"),
                        22, avro -> avro.number(1).number(1_700_006_400_000L))));

        // then
        ChangeEventHeader change = Objects.requireNonNull(event.change());
        assertThat(change.changedFields())
                .containsExactly("Fax", "Since__c", "ShippingAddress.Street", "ShippingAddress.City");
        assertThat(change.nulledFields()).containsExactly("Fax", "ShippingAddress.City");
        assertThat(change.diffFields()).containsExactly("F9");
        assertThat(fields(event)).isEqualTo(json("""
                {"ShippingAddress": {"Street": "Ring 1", "City": null}, "Fax": null, "F9": "@@ -1 +1 @@",
                 "Since__c": "2023-11-15"}"""));
    }

    @Test
    void longsAreDatesAndTimesByTheirDoc() {
        // when
        DecodedEvent event = accounts.decode(update(
                List.of("0x01C00000"),
                Map.of(
                        22, avro -> avro.number(1).number(-86_400_000L),
                        23, avro -> avro.number(1).number(-1),
                        24, avro -> avro.number(1).number(34_200_001L))));

        // then
        assertThat(fields(event)).isEqualTo(json("""
                {"Since__c": "1969-12-31", "LastModifiedDate": "1969-12-31T23:59:59.999Z", "Opens__c": "09:30:00.001Z"}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE", "GAP_OVERFLOW"})
    void gapIsItsHeaderAloneWithAllItsRecords(String changeType) {
        // given
        List<String> records = IntStream.range(0, 18)
                .mapToObj("001000000000%03dAAA"::formatted)
                .toList();

        // when
        DecodedEvent event = accounts.decode(event(changeType, records, List.of(), List.of(), List.of(), Map.of()));

        // then
        ChangeEventHeader change = Objects.requireNonNull(event.change());
        assertThat(change.changeType()).isEqualTo(changeType);
        assertThat(change.recordIds()).isEqualTo(records);
        assertThat(change.eventKey()).isEqualTo("00046c7a-1:3:Account:11657372702432");
        assertThat(change.isGap()).isTrue();
        assertThat(change.concernsUnnamedRecords()).isEqualTo(changeType.equals("GAP_OVERFLOW"));
        assertThat(fields(event)).isEmpty();
    }

    @Test
    void changeOfAllRecordsOfAKindDoesNotNameThem() {
        // when
        DecodedEvent event =
                accounts.decode(event("UPDATE", List.of("001*"), List.of(), List.of(), List.of(), Map.of()));

        // then
        assertThat(Objects.requireNonNull(event.change()).concernsUnnamedRecords())
                .isTrue();
    }

    private static byte[] update(List<String> changed, Map<Integer, Consumer<AvroBytes>> values) {
        return event("UPDATE", List.of("001000000000001AAA"), changed, List.of(), List.of(), values);
    }

    /** Fields without a value are null. */
    private static byte[] event(
            String changeType,
            List<String> records,
            List<String> changed,
            List<String> nulled,
            List<String> diff,
            Map<Integer, Consumer<AvroBytes>> values) {
        var avro = new AvroBytes()
                .text("Account")
                .texts(records)
                .number(TYPES.indexOf(changeType))
                .text("")
                .text("00046c7a-1")
                .number(3)
                .number(1_700_000_000_000L)
                .number(11_657_372_702_432L)
                .text("005000000000001AAA")
                .texts(nulled)
                .texts(diff)
                .texts(changed);
        for (int field = 1; field < FIELDS; field++) {
            values.getOrDefault(field, AvroBytes::nothing).accept(avro);
        }
        return avro.toByteArray();
    }

    private static void address(AvroBytes avro, Map<Integer, Consumer<AvroBytes>> parts) {
        for (int part = 0; part < ADDRESS_PARTS; part++) {
            parts.getOrDefault(part, AvroBytes::nothing).accept(avro);
        }
    }

    private static List<String> changed(DecodedEvent event) {
        return Objects.requireNonNull(event.change()).changedFields();
    }

    private static JsonNode fields(DecodedEvent event) {
        try {
            return ((ObjectNode) JSON.readTree(event.payload())).without("ChangeEventHeader");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    /** A schema in the shape of Salesforce's; fields that are not given are texts by the name of {@code F} and their index. */
    private static String schema(Map<Integer, String> given) {
        return "{\"type\": \"record\", \"name\": \"AccountChangeEvent\", \"namespace\": \"com.sforce.eventbus\", \"fields\": ["
                + HEADER
                + IntStream.range(1, FIELDS)
                        .mapToObj(i -> given.getOrDefault(
                                i, "{\"name\": \"F" + i + "\", \"type\": [\"null\", \"string\"], \"default\": null}"))
                        .collect(Collectors.joining(", ", ", ", "]}"));
    }
}
