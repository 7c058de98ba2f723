package io.lightline.salesforce.event;

import static io.lightline.salesforce.event.Schemas.accountChange;
import static io.lightline.salesforce.event.Schemas.compound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventDecoder orders = EventDecoder.of(Schemas.ORDER.toString());
    private final EventDecoder accounts = EventDecoder.of(Schemas.ACCOUNT.toString());

    @Test
    void platformEventCarriesAllItsFieldsWithDatesAsText() {
        // given
        byte[] avro = Schemas.order(Map.of(
                "OrderNumber__c", "A-7 \"é\"",
                "Amount__c", 12.5,
                "Paid__c", true,
                "Due__c", 1_700_006_400_000L,
                "Shipped__c", 1_700_000_000_000L,
                "Slot__c", 34_200_000L,
                "Count__c", 42L));

        // when
        DecodedEvent event = orders.decode(avro);

        // then
        assertThat(event.name()).isEqualTo("Order__e");
        assertThat(event.change()).isNull();
        assertThat(event.occurred()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(json(event)).isEqualTo(json("""
                {"CreatedDate": "2023-11-14T22:13:20.123Z", "CreatedById": "005000000000001AAA",
                 "OrderNumber__c": "A-7 \\"é\\"", "Amount__c": 12.5, "Paid__c": true, "Due__c": "2023-11-15",
                 "Shipped__c": "2023-11-14T22:13:20.000Z", "Slot__c": "09:30:00.000Z", "Count__c": 42}
                """));
    }

    @Test
    void fieldsOfAPlatformEventThatAreNotSetAreNull() {
        // when
        DecodedEvent event = orders.decode(Schemas.order(Map.of()));

        // then
        assertThat(json(event).has("OrderNumber__c")).isTrue();
        assertThat(json(event).get("OrderNumber__c").isNull()).isTrue();
    }

    @Test
    void updateCarriesItsChangedAndNulledFieldsOnly() {
        // given: bits 1 (Name) and 9 (LastModifiedDate) changed, bit 5 (Phone) emptied
        byte[] avro = accountChange(
                "UPDATE",
                List.of("0x0222"),
                List.of("0x20"),
                List.of(),
                Map.of("Name", "Acme", "LastModifiedDate", 1_700_000_000_000L));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(event.name()).isEqualTo("AccountChangeEvent");
        assertThat(change(event).changedFields()).containsExactly("Name", "Phone", "LastModifiedDate");
        assertThat(change(event).nulledFields()).containsExactly("Phone");
        assertThat(json(event)).isEqualTo(json("""
                {"ChangeEventHeader": {"entityName": "Account", "recordIds": ["001000000000001AAA"],
                   "changeType": "UPDATE", "changeOrigin": "com/salesforce/api/rest/64.0",
                   "transactionKey": "00046c7a-0000-0000-0000-000000000001", "sequenceNumber": 1,
                   "commitTimestamp": 1700000000000, "commitNumber": 11657372702432,
                   "commitUser": "005000000000001AAA", "nulledFields": ["Phone"], "diffFields": [],
                   "changedFields": ["Name", "Phone", "LastModifiedDate"]},
                 "Name": "Acme", "Phone": null, "LastModifiedDate": "2023-11-14T22:13:20.000Z"}
                """));
    }

    @Test
    void changeOfACompoundFieldAloneIsSeen() {
        // given: the recorded geocoder event, whose list has no bitmap over the event's own fields
        byte[] avro = accountChange(
                "UPDATE",
                List.of("6-0x0180"),
                List.of(),
                List.of(),
                Map.of("ShippingAddress", compound("ShippingAddress", Map.of("Latitude", 48.1, "Longitude", 11.5))));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(change(event).changedFields())
                .containsExactly("ShippingAddress.Latitude", "ShippingAddress.Longitude");
        assertThat(fieldsOf(event)).isEqualTo(json("""
                {"ShippingAddress": {"Latitude": 48.1, "Longitude": 11.5}}
                """));
    }

    @Test
    void emptiedPartOfACompoundFieldIsNullInsideIt() {
        // given
        byte[] besideAnother = accountChange(
                "UPDATE",
                List.of("6-0x03"),
                List.of("6-0x01"),
                List.of(),
                Map.of("ShippingAddress", compound("ShippingAddress", Map.of("City", "Graz"))));
        byte[] alone = accountChange("UPDATE", List.of("6-0x01"), List.of("6-0x01"), List.of(), Map.of());

        // when / then
        assertThat(fieldsOf(accounts.decode(besideAnother))).isEqualTo(json("""
                {"ShippingAddress": {"Street": null, "City": "Graz"}}
                """));
        assertThat(fieldsOf(accounts.decode(alone))).isEqualTo(json("""
                {"ShippingAddress": {"Street": null}}
                """));
    }

    @Test
    void nameOfAPersonAccountIsAnObject() {
        // given
        byte[] avro = accountChange(
                "CREATE",
                List.of(),
                List.of(),
                List.of(),
                Map.of("Name", compound("Name", Map.of("FirstName", "Ada", "LastName", "Lovelace"))));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(fieldsOf(event)).isEqualTo(json("""
                {"Name": {"FirstName": "Ada", "LastName": "Lovelace"}}
                """));
    }

    @Test
    void partsOfAPersonNameAreNamedThoughTheUnionHasATextBeforeTheRecord() {
        // given
        byte[] avro = accountChange(
                "UPDATE",
                List.of("1-0x4"),
                List.of(),
                List.of(),
                Map.of("Name", compound("Name", Map.of("LastName", "King"))));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(change(event).changedFields()).containsExactly("Name.LastName");
    }

    @Test
    void enrichedFieldsStayThoughTheyDidNotChange() {
        // given
        byte[] avro = accountChange("DELETE", List.of(), List.of(), List.of(), Map.of("Type", "Customer"));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(fieldsOf(event)).isEqualTo(json("{\"Type\": \"Customer\"}"));
    }

    @Test
    void diffOfALongTextIsNamed() {
        // given
        byte[] avro = accountChange(
                "UPDATE", List.of("0x80"), List.of(), List.of("0x80"), Map.of("Description", "--- a\n+++ b"));

        // when
        DecodedEvent event = accounts.decode(avro);

        // then
        assertThat(change(event).diffFields()).containsExactly("Description");
        assertThat(fieldsOf(event)).isEqualTo(json("{\"Description\": \"--- a\\n+++ b\"}"));
    }

    @Test
    void gapEventIsItsHeaderAlone() {
        // when
        DecodedEvent event = accounts.decode(accountChange("GAP_UPDATE", List.of(), List.of(), List.of(), Map.of()));

        // then
        assertThat(change(event).changeType()).isEqualTo("GAP_UPDATE");
        assertThat(event.occurred()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(fieldsOf(event)).isEmpty();
    }

    @Test
    void changeIsNamedByTransactionSequenceEntityAndCommit() {
        // when
        DecodedEvent event = accounts.decode(accountChange("CREATE", List.of(), List.of(), List.of(), Map.of()));

        // then
        assertThat(change(event).eventKey()).isEqualTo("00046c7a-0000-0000-0000-000000000001:1:Account:11657372702432");
    }

    @Test
    void truncatedAndOverlongBytesAreUndecodable() {
        // given
        byte[] avro = Schemas.order(Map.of("OrderNumber__c", "A-7"));

        // when / then
        assertThatThrownBy(() -> orders.decode(Arrays.copyOf(avro, avro.length - 3)))
                .isInstanceOf(UndecodableEventException.class);
        assertThatThrownBy(() -> orders.decode(Arrays.copyOf(avro, avro.length + 1)))
                .isInstanceOf(UndecodableEventException.class);
        assertThatThrownBy(() -> orders.decode(new byte[0])).isInstanceOf(UndecodableEventException.class);
    }

    @Test
    void textThatClaimsToBeLongerThanTheEventIsUndecodable() {
        // given: a date, then a text of 2,147,483,000 bytes
        byte[] avro = {2, (byte) 0xf0, (byte) 0xf5, (byte) 0xff, (byte) 0xff, 0x0f, 'x'};

        // when / then
        assertThatThrownBy(() -> orders.decode(avro)).isInstanceOf(UndecodableEventException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x0400", "6-0x0800", "5-0x01", "99-0x01"})
    void bitmapThatNamesWhatTheSchemaLacksIsUndecodable(String bitmap) {
        // given
        byte[] avro = accountChange("UPDATE", List.of(bitmap), List.of(), List.of(), Map.of());

        // when / then
        assertThatThrownBy(() -> accounts.decode(avro)).isInstanceOf(UndecodableEventException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\"string\"", "not json", "{\"type\": \"record\"}"})
    void schemaThatIsNoRecordIsUndecodable(String schema) {
        // when / then
        assertThatThrownBy(() -> EventDecoder.of(schema)).isInstanceOf(UndecodableEventException.class);
    }

    @Test
    void bytesOfAnybodyAreDecodedOrUndecodableAndNothingElse() {
        // given
        var random = new Random(42);
        int undecodable = 0;

        // when
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[random.nextInt(1, 60)];
            random.nextBytes(payload);
            for (EventDecoder decoder : List.of(orders, accounts)) {
                try {
                    decoder.decode(payload);
                } catch (UndecodableEventException expected) {
                    undecodable++;
                }
            }
        }

        // then
        assertThat(undecodable).isGreaterThan(30_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_500_000_000L, 3_000_000_000L, -5})
    void lengthThatNoEventHasIsUndecodable(long length) throws IOException {
        // given: CreatedDate, then the length of CreatedById
        var bytes = new ByteArrayOutputStream();
        BinaryEncoder avro = EncoderFactory.get().binaryEncoder(bytes, null);
        avro.writeLong(0);
        avro.writeLong(length);
        avro.flush();

        // when / then
        assertThatThrownBy(() -> orders.decode(bytes.toByteArray())).isInstanceOf(UndecodableEventException.class);
    }

    private static ChangeEventHeader change(DecodedEvent event) {
        return Objects.requireNonNull(event.change());
    }

    private static JsonNode fieldsOf(DecodedEvent event) {
        return ((ObjectNode) json(event)).without("ChangeEventHeader");
    }

    private static JsonNode json(DecodedEvent event) {
        try {
            return JSON.readTree(event.payload());
        } catch (IOException e) {
            throw new AssertionError(new String(event.payload(), StandardCharsets.UTF_8), e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
