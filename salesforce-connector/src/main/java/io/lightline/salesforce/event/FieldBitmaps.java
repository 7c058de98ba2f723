package io.lightline.salesforce.event;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The bitmaps with which a change event's header names fields: {@code 0x650004E0} over the fields of the event,
 * {@code 4-0x10} over the parts of the compound field at index 4. Hexadecimal, most significant first; bit <i>i</i> stands for
 * field <i>i</i>. Either kind may be absent. Source: Salesforce, «Event Deserialization Considerations», and recorded events.
 */
final class FieldBitmaps {

    private static final Pattern BITMAP = Pattern.compile("(?:(\\d{1,4})-)?0x([0-9A-Fa-f]{1,1024})");

    private FieldBitmaps() {}

    /**
     * The fields in the order of the schema within each bitmap. What is not a bitmap is a name already.
     *
     * @throws UndecodableEventException when a bitmap names fields that the schema does not have
     */
    static List<String> expand(List<String> bitmaps, Schema event) {
        var names = new ArrayList<String>();
        bitmaps.forEach(bitmap -> expand(bitmap, event).forEach(names::add));
        return List.copyOf(names);
    }

    private static Stream<String> expand(String text, Schema event) {
        var bitmap = BITMAP.matcher(text);
        if (!bitmap.matches()) {
            return Stream.of(text);
        }
        String parent = bitmap.group(1);
        if (parent == null) {
            return fields(bitmap.group(2), event).map(Schema.Field::name);
        }
        Schema.Field compound = field(event, Integer.parseInt(parent));
        return fields(bitmap.group(2), compoundType(compound)).map(part -> compound.name() + "." + part.name());
    }

    private static Stream<Schema.Field> fields(String hex, Schema record) {
        var bits = new BigInteger(hex, 16);
        return IntStream.range(0, bits.bitLength()).filter(bits::testBit).mapToObj(bit -> field(record, bit));
    }

    private static Schema.Field field(Schema record, int index) {
        if (index >= record.getFields().size()) {
            throw new UndecodableEventException(
                    "A bitmap names field " + index + " of " + record.getName() + ", which has fewer");
        }
        return record.getFields().get(index);
    }

    /** The record type of a compound field: itself, or the one record in its union. */
    private static Schema compoundType(Schema.Field field) {
        return (field.schema().isUnion() ? field.schema().getTypes().stream() : Stream.of(field.schema()))
                .filter(type -> type.getType() == Schema.Type.RECORD)
                .findFirst()
                .orElseThrow(() ->
                        new UndecodableEventException("A bitmap names parts of " + field.name() + ", which has none"));
    }
}
