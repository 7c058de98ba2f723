package io.lightline.salesforce.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventEncoderTest {

    private static final Instant NOW = Instant.parse("2026-11-23T18:00:00.123Z");
    private static final String USER = "005000000000001AAA";
    /** Everything that Avro has, and no schema of Salesforce's has all of. */
    private static final String ODD = """
            {"type": "record", "name": "Odd__e", "fields": [
              {"name": "CreatedDate", "type": "long", "doc": "CreatedDate:DateTime"},
              {"name": "CreatedById", "type": "string", "doc": "CreatedBy:EntityId"},
              {"name": "Needed", "type": "string"},
              {"name": "Level", "type": "int", "default": 7},
              {"name": "Ratio", "type": ["null", "float"], "default": null},
              {"name": "Raw", "type": ["null", "bytes"], "default": null},
              {"name": "Hash", "type": ["null", {"type": "fixed", "name": "Hash", "size": 2}], "default": null},
              {"name": "Colour", "type": ["null", {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}], "default": null},
              {"name": "Lines", "type": ["null", {"type": "array", "items": ["null", "long"]}], "default": null},
              {"name": "Extra", "type": ["null", {"type": "map", "values": "boolean"}], "default": null},
              {"name": "Name", "type": ["null", "string", {"type": "record", "name": "Person", "fields": [
                {"name": "First", "type": ["null", "string"], "default": null},
                {"name": "Last", "type": "string"}]}], "default": null}]}
            """;

    private final EventEncoder orders = EventEncoder.of(Schemas.ORDER.toString());
    private final EventEncoder odd = EventEncoder.of(ODD);

    @Test
    void whatIsEncodedIsDecodedAsItWasGiven() {
        // given
        var json = """
                {"Slot__c": "18:30:00", "OrderNumber__c": "Ä-1", "Amount__c": 49.9, "Paid__c": true, "Due__c": "2026-11-24",
                 "Shipped__c": "2026-11-23T19:00:00.5+01:00", "Count__c": 9007199254740993}
                """;

        // when
        var decoded = EventDecoder.of(Schemas.ORDER.toString()).decode(encode(orders, json));

        // then
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8)).isEqualTo("""
                {"CreatedDate":"2026-11-23T18:00:00.123Z","CreatedById":"005000000000001AAA","OrderNumber__c":"Ä-1",\
                "Amount__c":49.9,"Paid__c":true,"Due__c":"2026-11-24","Shipped__c":"2026-11-23T18:00:00.500Z",\
                "Slot__c":"18:30:00.000Z","Count__c":9007199254740993}""");
        assertThat(decoded.occurred()).isEqualTo(NOW);
    }

    @Test
    void whatIsLeftOutOrNullIsNull() {
        // when
        var decoded = EventDecoder.of(Schemas.ORDER.toString()).decode(encode(orders, "{\"Amount__c\": null}"));

        // then
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8)).isEqualTo("""
                {"CreatedDate":"2026-11-23T18:00:00.123Z","CreatedById":"005000000000001AAA","OrderNumber__c":null,\
                "Amount__c":null,"Paid__c":null,"Due__c":null,"Shipped__c":null,"Slot__c":null,"Count__c":null}""");
    }

    @Test
    void everyKindOfAvroTypeHasAFormInJson() {
        // given
        var json = """
                {"Needed": "x", "Level": 8, "Ratio": 0.5, "Raw": "AQID", "Hash": "AQI=", "Colour": "BLUE", "Lines": [1, null],
                 "Extra": {"a": true}, "Name": {"Last": "Lovelace"}}
                """;

        // when
        var decoded = EventDecoder.of(ODD).decode(encode(odd, json));

        // then
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8)).endsWith("""
                "Needed":"x","Level":8,"Ratio":0.5,"Raw":"AQID","Hash":"AQI=","Colour":"BLUE","Lines":[1,null],\
                "Extra":{"a":true},"Name":{"First":null,"Last":"Lovelace"}}""");
    }

    @Test
    void aUnionOfSeveralTakesTheFirstThatFitsAndADefaultStandsForWhatIsLeftOut() {
        // when
        var decoded = EventDecoder.of(ODD).decode(encode(odd, "{\"Needed\": \"x\", \"Name\": \"Acme\"}"));

        // then
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8))
                .contains("\"Level\":7")
                .endsWith("\"Name\":\"Acme\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Shipped__c | "2026-11-23T18:00:00Z"          | 2026-11-23T18:00:00.000Z
            Shipped__c | "2026-11-23T18:00:00.250+0000"  | 2026-11-23T18:00:00.250Z
            Shipped__c | "2026-11-23T18:00-02:00"        | 2026-11-23T20:00:00.000Z
            Shipped__c | 1764000000000                   | 2025-11-24T16:00:00.000Z
            Due__c     | "2026-02-28"                    | 2026-02-28
            Due__c     | 1764028800000                   | 2025-11-25
            Slot__c    | "18:30"                         | 18:30:00.000Z
            Slot__c    | "18:30:01.5Z"                   | 18:30:01.500Z
            Slot__c    | 86399999                        | 23:59:59.999Z
            """)
    void datesAndTimesAreTextOrMilliseconds(String field, String given, String expected) {
        // when
        var decoded =
                EventDecoder.of(Schemas.ORDER.toString()).decode(encode(orders, "{\"" + field + "\": " + given + "}"));

        // then
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8))
                .contains("\"" + field + "\":\"" + expected + "\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"Colour__c": "red"}           | Colour__c      | Order__e has no such field
            {"OrderNumber__c": 1}          | OrderNumber__c | wants text, not a number
            {"OrderNumber__c": ["a"]}      | OrderNumber__c | wants text, not an array
            {"Amount__c": "49.9"}          | Amount__c      | wants a number, not text
            {"Amount__c": {}}              | Amount__c      | wants a number, not an object
            {"Amount__c": 1e400}           | Amount__c      | is out of range
            {"Paid__c": "true"}            | Paid__c        | wants true or false, not text
            {"Count__c": 1.5}              | Count__c       | wants a whole number, not a fraction
            {"Count__c": 9223372036854775808} | Count__c    | is out of range
            {"Count__c": true}             | Count__c       | wants a whole number, not true or false
            {"Due__c": "23.11.2026"}       | Due__c         | wants a date, as 2026-11-23, or milliseconds since 1970, not other text
            {"Due__c": "2026-02-30"}       | Due__c         | wants a date, as 2026-11-23, or milliseconds since 1970, not other text
            {"Due__c": false}              | Due__c         | wants a date, as 2026-11-23, or milliseconds since 1970, not true or false
            {"Due__c": 1.5}                | Due__c         | wants a whole number, not a fraction
            {"Shipped__c": "2026-11-23T18:00:00"} | Shipped__c | wants a date and time with a zone, as 2026-11-23T18:00:00Z, or milliseconds since 1970, not other text
            {"Slot__c": "25:00"}           | Slot__c        | wants a time of day, as 18:00:00, or milliseconds since midnight, not other text
            {"Slot__c": 86400000}          | Slot__c        | a time of day has 0 to 86399999 milliseconds
            {"CreatedById": "005x"}        | CreatedById    | is filled in when the event is published
            {"CreatedDate": 1}             | CreatedDate    | is filled in when the event is published
            """)
    void aMistakeInAnOrderNamesTheFieldAndTheKindOfValue(String json, String field, String message) {
        assertInvalid(orders, json, field, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                   | Needed     | is required
            {"Needed": null}                     | Needed     | is required
            {"Needed": "x", "Level": 2147483648} | Level      | is out of range
            {"Needed": "x", "Level": null}       | Level      | is required
            {"Needed": "x", "Ratio": 1e39}       | Ratio      | is out of range
            {"Needed": "x", "Raw": "?"}          | Raw        | wants bytes in base64, not other text
            {"Needed": "x", "Raw": 1}            | Raw        | wants bytes in base64, not a number
            {"Needed": "x", "Hash": "AQID"}      | Hash       | wants 2 bytes in base64
            {"Needed": "x", "Colour": "GREEN"}   | Colour     | wants one of [RED, BLUE]
            {"Needed": "x", "Lines": {}}         | Lines      | wants an array, not an object
            {"Needed": "x", "Lines": [1, "2"]}   | Lines[1]   | wants a whole number, not text
            {"Needed": "x", "Extra": {"a": 1}}   | Extra.a    | wants true or false, not a number
            {"Needed": "x", "Extra": {"a": null}} | Extra.a   | is required
            {"Needed": "x", "Name": 1}           | Name       | wants text or an object, not a number
            {"Needed": "x", "Name": {}}          | Name.Last  | is required
            {"Needed": "x", "Name": {"Last": "L", "Middle": ""}} | Name.Middle | Person has no such field
            """)
    void aMistakeInsideAnEventIsNamedWithWhatIsAroundIt(String json, String field, String message) {
        assertInvalid(odd, json, field, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [1]                            | the event is an object, not an array
            "text"                         | the event is an object, not text
            null                           | the event is an object, not null
            {"Paid__c": true} {}           | the event is not JSON: Trailing token
            {"Paid__c": true, "Paid__c": false} | the event is not JSON: Duplicate field 'Paid__c'
            """)
    void whatIsNoEventAtAllIsNamedAsAWhole(String json, String message) {
        // when
        var invalid = catchThrowableOfType(InvalidFieldException.class, () -> encode(orders, json));

        // then
        assertThat(invalid.field()).isNull();
        assertThat(invalid).hasMessageStartingWith(message);
    }

    @Test
    void anEventIsNotLargerThanSalesforceTakesIt() {
        assertInvalid(
                orders,
                "{\"OrderNumber__c\": \"" + "a".repeat(1_000_000) + "\"}",
                null,
                "the event has 1000035 bytes, and may have 1000000");
    }

    @Test
    void aSchemaThatIsNoneIsRefused() {
        assertThatThrownBy(() -> EventEncoder.of("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventEncoder.of("\"string\"")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertInvalid(EventEncoder encoder, String json, @Nullable String field, String message) {
        var invalid = catchThrowableOfType(InvalidFieldException.class, () -> encode(encoder, json));
        assertThat(invalid).hasMessage(message);
        assertThat(invalid.field()).isEqualTo(field);
    }

    private static byte[] encode(EventEncoder encoder, String json) {
        return encoder.encode(json.getBytes(StandardCharsets.UTF_8), NOW, USER);
    }
}
