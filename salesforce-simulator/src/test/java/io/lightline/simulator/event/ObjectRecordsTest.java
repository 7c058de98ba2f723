package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObjectRecordsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectRecords.Author ALICE = new ObjectRecords.Author("005fj000009DcVJAA0", "62.0");
    private static final ObjectRecords.Author BOB = new ObjectRecords.Author("005fj000009DcVKAA0", "62.0");

    private final ManualClock clock = new ManualClock();
    private final EventBus bus = new EventBus(clock, 1000, Duration.ofDays(3));
    // Header 0, Name 1, BillingAddress 2, Phone 3, OwnerId 4 to LastModifiedById 8, Founded__c 9, Place__c 10.
    private final EventSchema schema = EventSchema.changeEvent(
            "Account",
            List.of(
                    FieldDefinition.optional("Name", FieldType.SWITCHABLE_NAME),
                    FieldDefinition.optional("BillingAddress", FieldType.ADDRESS),
                    FieldDefinition.optional("Phone", FieldType.PHONE),
                    FieldDefinition.optional("Founded__c", FieldType.DATE),
                    FieldDefinition.optional("Place__c", FieldType.LOCATION)));
    private final ObjectRecords accounts =
            new ObjectRecords(new RecordShape(schema, "Account", Set.of("Name")), "001", bus, clock);

    @Test
    void aNewRecordsEventHasItsValuesAndNoBitmaps() {
        // when
        var id = accounts.create(json("{'Name': 'Acme', 'BillingCity': 'Rome', 'Founded__c': '1970-01-02'}"), ALICE);

        // then
        var event = last();
        assertThat(id).startsWith("001").hasSize(18);
        assertThat(event.at("/ChangeEventHeader/changeType").asText()).isEqualTo("CREATE");
        assertThat(event.at("/ChangeEventHeader/recordIds/0").asText()).isEqualTo(id);
        assertThat(event.at("/ChangeEventHeader/entityName").asText()).isEqualTo("Account");
        assertThat(event.at("/ChangeEventHeader/changedFields")).isEmpty();
        assertThat(event.at("/Name").asText()).isEqualTo("Acme");
        assertThat(event.at("/BillingAddress/City").asText()).isEqualTo("Rome");
        assertThat(event.at("/Founded__c").asLong())
                .isEqualTo(Duration.ofDays(1).toMillis());
        assertThat(event.at("/OwnerId").asText()).isEqualTo(ALICE.userId());
    }

    @Test
    void aChangeNamesWhatIsOtherAndWhatIsGone() {
        // given
        var id = accounts.create(json("{'Name': 'Acme', 'Phone': '1', 'BillingCity': 'Rome'}"), ALICE);

        // when
        accounts.update(
                id, json("{'Name': 'Acme', 'Phone': null, 'BillingStreet': 'Via', 'BillingCity': null}"), ALICE);

        // then: Phone is 3, LastModifiedDate 7, street and city are the children 0 and 1 of 2
        var event = last();
        assertThat(event.at("/ChangeEventHeader/changeType").asText()).isEqualTo("UPDATE");
        assertThat(texts(event.at("/ChangeEventHeader/changedFields"))).containsExactly("0x88", "2-0x03");
        assertThat(texts(event.at("/ChangeEventHeader/nulledFields"))).containsExactly("0x08", "2-0x02");
        assertThat(event.at("/Name").isNull()).isTrue();
        assertThat(event.at("/BillingAddress/Street").asText()).isEqualTo("Via");
    }

    @Test
    void anotherUsersChangeTellsWhoMadeIt() {
        // given
        var id = accounts.create(json("{'Name': 'Acme'}"), ALICE);

        // when
        accounts.update(id, json("{}"), BOB);

        // then
        assertThat(texts(last().at("/ChangeEventHeader/changedFields"))).containsExactly("0x0180");
        assertThat(last().at("/LastModifiedById").asText()).isEqualTo(BOB.userId());
    }

    @Test
    void aDeletedRecordsEventIsOnlyAHeader() {
        // given
        var id = accounts.create(json("{'Name': 'Acme'}"), ALICE);

        // when
        var deleted = accounts.delete(id, ALICE);

        // then
        assertThat(deleted).isTrue();
        assertThat(last().at("/ChangeEventHeader/changeType").asText()).isEqualTo("DELETE");
        assertThat(last().at("/Name").isNull()).isTrue();
        assertThat(accounts.find(id)).isEmpty();
    }

    @Test
    void eachRequestIsATransactionAndCommitNumbersRise() {
        // when
        accounts.create(json("{'Name': 'one'}"), ALICE);
        var first = last();
        accounts.create(json("{'Name': 'two'}"), ALICE);
        var second = last();

        // then
        assertThat(first.at("/ChangeEventHeader/transactionKey"))
                .isNotEqualTo(second.at("/ChangeEventHeader/transactionKey"));
        assertThat(second.at("/ChangeEventHeader/commitNumber").asLong())
                .isGreaterThan(first.at("/ChangeEventHeader/commitNumber").asLong());
    }

    @Test
    void aPersonsNameIsARecord() {
        // when
        accounts.create(json("{'FirstName': 'Ada', 'LastName': 'Lovelace'}"), ALICE);

        // then
        assertThat(last().at("/Name/FirstName").asText()).isEqualTo("Ada");
        assertThat(last().at("/Name/LastName").asText()).isEqualTo("Lovelace");
    }

    @Test
    void aGeolocationsPartsAreWrittenByTheirOwnNames() {
        // when
        accounts.create(json("{'Name': 'Acme', 'Place__Latitude__s': 41.9, 'Place__Longitude__s': 12.5}"), ALICE);

        // then
        assertThat(last().at("/Place__c/Latitude").asDouble()).isEqualTo(41.9);
    }

    @Test
    void aReadRecordShowsDatesAsRestDoes() {
        // given
        var id = accounts.create(json("{'Name': 'Acme', 'Founded__c': '1996-02-29', 'Phone': null}"), ALICE);

        // when
        var record = accounts.find(id).orElseThrow();

        // then
        assertThat(record)
                .containsEntry("Id", id)
                .containsEntry("Founded__c", "1996-02-29")
                .containsEntry("CreatedDate", "2026-01-15T10:00:00.000+0000")
                .doesNotContainKey("Phone");
    }

    @Test
    void wrongRecordsAreRefusedAndLeaveNoEvent() {
        // given
        var before = bus.latest();

        // then
        assertRefused(
                "{'Name': 'x', 'Nope__c': 1}", "INVALID_FIELD", "No such column 'Nope__c' on sobject of type Account");
        assertRefused("{'Name': 'x', 'Phone': 5}", "JSON_PARSER_ERROR", "Cannot deserialize instance of string");
        assertRefused(
                "{'Name': 'x', 'Founded__c': 'soon'}", "JSON_PARSER_ERROR", "Cannot deserialize instance of date");
        assertRefused("{'Name': 'x', 'CreatedDate': '2026-01-01'}", "INVALID_FIELD_FOR_INSERT_UPDATE", "CreatedDate");
        assertRefused("{'Phone': '5'}", "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]");
        assertThat(bus.latest()).isEqualTo(before);
    }

    @Test
    void anUnknownRecordIsNotChanged() {
        assertThat(accounts.update("001fj000009DcVJAA0", json("{}"), ALICE)).isFalse();
        assertThat(accounts.delete("001fj000009DcVJAA0", ALICE)).isFalse();
    }

    private void assertRefused(String body, String code, String message) {
        assertThatThrownBy(() -> accounts.create(json(body), ALICE))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        refusal -> assertThat(refusal.errorCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private JsonNode last() {
        return json(AvroPayload.json(bus.events().getLast().payload(), schema).orElseThrow());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
