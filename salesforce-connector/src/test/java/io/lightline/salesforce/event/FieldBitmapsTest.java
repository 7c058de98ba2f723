package io.lightline.salesforce.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class FieldBitmapsTest {

    private final Schema compound = numbered("Compound", 16, "Part");

    @Test
    void salesforcesDocumentedExampleNamesItsFields() {
        // given: a schema of 32 fields of which 4 and 7 are compound
        Schema event = wide(32, List.of(4, 7));

        // when
        List<String> names = FieldBitmaps.expand(List.of("0x650004E0", "4-0x10", "7-0x06"), event);

        // then
        assertThat(names)
                .containsExactly(
                        "F5", "F6", "F7", "F10", "F24", "F26", "F29", "F30", "F4.Part4", "F7.Part1", "F7.Part2");
    }

    @Test
    void recordedBitmapOfMoreThanSixtyFourFieldsIsRead() {
        // when
        List<String> names = FieldBitmaps.expand(List.of("0x100000000000800000"), wide(87, List.of()));

        // then
        assertThat(names).containsExactly("F23", "F68");
    }

    @Test
    void partsAloneAndPartsBesideFieldsAreRead() {
        // given
        Schema event = wide(32, List.of(6));

        // when / then
        assertThat(FieldBitmaps.expand(List.of("6-0x0180"), event)).containsExactly("F6.Part7", "F6.Part8");
        assertThat(FieldBitmaps.expand(List.of("0x800000", "6-0x01"), event)).containsExactly("F23", "F6.Part0");
    }

    @Test
    void emptyBitmapNamesNothingAndANameStaysItself() {
        // when / then
        assertThat(FieldBitmaps.expand(List.of("0x0"), wide(8, List.of()))).isEmpty();
        assertThat(FieldBitmaps.expand(List.of(), wide(8, List.of()))).isEmpty();
        assertThat(FieldBitmaps.expand(List.of("Name"), wide(8, List.of()))).containsExactly("Name");
    }

    private Schema wide(int size, List<Integer> compounds) {
        var fields = IntStream.range(0, size)
                .mapToObj(i -> new Schema.Field("F" + i, compounds.contains(i) ? nullable(compound) : text()))
                .toList();
        return Schema.createRecord("Wide", null, "test", false, fields);
    }

    private static Schema numbered(String name, int size, String prefix) {
        var fields = IntStream.range(0, size)
                .mapToObj(i -> new Schema.Field(prefix + i, text()))
                .toList();
        return Schema.createRecord(name, null, "test", false, fields);
    }

    private static Schema nullable(Schema type) {
        return Schema.createUnion(SchemaBuilder.builder().nullType(), type);
    }

    private static Schema text() {
        return SchemaBuilder.builder().stringType();
    }
}
