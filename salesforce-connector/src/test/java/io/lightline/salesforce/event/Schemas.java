package io.lightline.salesforce.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** Schemas in the shape of Salesforce's, and the bytes of events written with them. */
public final class Schemas {

    public static final Schema ORDER = load("Order__e");
    public static final Schema ACCOUNT = load("AccountChangeEvent");

    private Schemas() {}

    /** A platform event; fields that are not given are null. */
    public static byte[] order(Map<String, ?> fields) {
        var event = new GenericData.Record(ORDER);
        event.put("CreatedDate", 1_700_000_000_123L);
        event.put("CreatedById", "005000000000001AAA");
        fields.forEach(event::put);
        return bytes(event);
    }

    /** A change event with the given bitmaps. */
    public static byte[] accountChange(
            String changeType, List<String> changed, List<String> nulled, List<String> diff, Map<String, ?> fields) {
        var header =
                new GenericData.Record(ACCOUNT.getField("ChangeEventHeader").schema());
        header.put("entityName", "Account");
        header.put("recordIds", List.of("001000000000001AAA"));
        header.put(
                "changeType",
                new GenericData.EnumSymbol(
                        header.getSchema().getField("changeType").schema(), changeType));
        header.put("changeOrigin", "com/salesforce/api/rest/64.0");
        header.put("transactionKey", "00046c7a-0000-0000-0000-000000000001");
        header.put("sequenceNumber", 1);
        header.put("commitTimestamp", 1_700_000_000_000L);
        header.put("commitNumber", 11_657_372_702_432L);
        header.put("commitUser", "005000000000001AAA");
        header.put("nulledFields", nulled);
        header.put("diffFields", diff);
        header.put("changedFields", changed);
        var event = new GenericData.Record(ACCOUNT);
        event.put("ChangeEventHeader", header);
        fields.forEach(event::put);
        return bytes(event);
    }

    /** A compound value of a field of {@link #ACCOUNT}; parts that are not given are null. */
    public static GenericRecord compound(String field, Map<String, ?> parts) {
        Schema type = ACCOUNT.getField(field).schema().getTypes().stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .findFirst()
                .orElseThrow();
        var value = new GenericData.Record(type);
        parts.forEach(value::put);
        return value;
    }

    public static byte[] bytes(GenericRecord event) {
        try {
            var bytes = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema load(String name) {
        try (var file = Schemas.class.getResourceAsStream("/schemas/" + name + ".avsc")) {
            return new Schema.Parser().parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
