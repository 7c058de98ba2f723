package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The expected values are those of Salesforce's documentation and of change events recorded from real orgs. */
class FieldBitmapTest {

    @Test
    void bitsOfPlainFieldsCountFromTheRight() {
        // when
        var bitmaps = FieldBitmap.of(List.of(FieldPath.of(1), FieldPath.of(23)));

        // then
        assertThat(bitmaps).containsExactly("0x800002");
    }

    @Test
    void childrenOfACompoundFieldHaveABitmapOfTheirOwn() {
        // given
        var documented = Stream.concat(
                        IntStream.of(5, 6, 7, 10, 24, 26, 29, 30).mapToObj(FieldPath::of),
                        Stream.of(new FieldPath(7, 1), new FieldPath(4, 4), new FieldPath(7, 2)))
                .toList();

        // when
        var bitmaps = FieldBitmap.of(documented);

        // then
        assertThat(bitmaps).containsExactly("0x650004E0", "4-0x10", "7-0x06");
    }

    @Test
    void onlyChildrenLeaveThePlainBitmapOut() {
        // when
        var bitmaps = FieldBitmap.of(List.of(new FieldPath(6, 7), new FieldPath(6, 8)));

        // then
        assertThat(bitmaps).containsExactly("6-0x0180");
    }

    @Test
    void thereIsNoLimitOfSixtyFourFields() {
        // when
        var bitmaps = FieldBitmap.of(List.of(FieldPath.of(23), FieldPath.of(68)));

        // then
        assertThat(bitmaps).containsExactly("0x100000000000800000");
    }

    @Test
    void nothingChangedIsAnEmptyList() {
        assertThat(FieldBitmap.of(List.of())).isEmpty();
    }
}
