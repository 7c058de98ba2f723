package io.lightline.simulator.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events in the order of their positions, in a ring that grows: put at the end, taken from the beginning, found by halving.
 * Not thread-safe.
 */
final class EventLog {

    private static final int INITIAL_CAPACITY = 16;

    private @Nullable BusEvent[] ring = new @Nullable BusEvent[INITIAL_CAPACITY];
    private int first;
    private int size;
    private long floor;

    EventLog(long floor) {
        this.floor = floor;
    }

    /** The position of the last event that was taken away, or where the log began. */
    long floor() {
        return floor;
    }

    int size() {
        return size;
    }

    void add(BusEvent event) {
        if (size == ring.length) {
            grow();
        }
        ring[(first + size++) & (ring.length - 1)] = event;
    }

    /** The event with so many before it. */
    BusEvent at(int index) {
        var event = index < size ? ring[(first + index) & (ring.length - 1)] : null;
        if (event == null) {
            throw new IndexOutOfBoundsException("No event " + index + " of " + size);
        }
        return event;
    }

    BusEvent removeFirst() {
        var oldest = at(0);
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        floor = oldest.replayId().position();
        return oldest;
    }

    /** How many events stand at the position or before it, which is the index of the next one. */
    int upTo(long position) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (at(middle).replayId().position() <= position) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    boolean contains(long position) {
        int next = upTo(position);
        return next > 0 && at(next - 1).replayId().position() == position;
    }

    private void grow() {
        var larger = Arrays.copyOf(ring, ring.length * 2);
        System.arraycopy(ring, 0, larger, ring.length, first);
        Arrays.fill(larger, 0, first, null);
        ring = larger;
    }
}
