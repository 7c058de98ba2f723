package io.lightline.simulator.event;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of fields as a change event's header carries them: {@code ["0x650004E0", "4-0x10"]}. Bit <i>i</i> of the first
 * stands for field <i>i</i>; {@code 4-0x10} for child 4 of the compound field 4. Without plain fields the first is absent.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-deserialization-considerations.html">
 *     Event Deserialization Considerations</a>
 */
final class FieldBitmap {

    private FieldBitmap() {}

    static List<String> of(Collection<FieldPath> paths) {
        var plain = BigInteger.ZERO;
        SortedMap<Integer, BigInteger> compound = new TreeMap<>();
        for (var path : paths) {
            if (path.nested()) {
                compound.merge(path.field(), BigInteger.ZERO.setBit(path.child()), BigInteger::or);
            } else {
                plain = plain.setBit(path.field());
            }
        }
        var bitmaps = new ArrayList<String>();
        if (plain.signum() != 0) {
            bitmaps.add(hex(plain));
        }
        compound.forEach((field, children) -> bitmaps.add(field + "-" + hex(children)));
        return bitmaps;
    }

    private static String hex(BigInteger bits) {
        var digits = bits.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? "0x" + digits : "0x0" + digits;
    }
}
