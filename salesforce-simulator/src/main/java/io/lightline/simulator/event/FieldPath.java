package io.lightline.simulator.event;

import java.util.Comparator;

/** Where a value stands in an event's record: a field's index, and a child's when the field is compound. */
record FieldPath(int field, int child) implements Comparable<FieldPath> {

    private static final int WHOLE = -1;
    private static final Comparator<FieldPath> ORDER =
            Comparator.comparingInt(FieldPath::field).thenComparingInt(FieldPath::child);

    static FieldPath of(int field) {
        return new FieldPath(field, WHOLE);
    }

    boolean nested() {
        return child != WHOLE;
    }

    @Override
    public int compareTo(FieldPath other) {
        return ORDER.compare(this, other);
    }
}
