package io.lightline.simulator.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A time in which two subscriptions to one topic were open: each event of it was delivered, and counted, twice. */
public record Overlap(String topic, long first, long second, Instant from, Instant to, long millis) {

    /** All pairs; one that is still open overlaps until now. */
    static List<Overlap> among(List<StreamRecord> streams, Instant now) {
        var inOrder = streams.stream()
                .sorted(Comparator.comparing(StreamRecord::opened))
                .toList();
        var overlaps = new ArrayList<Overlap>();
        for (int later = 1; later < inOrder.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                var one = inOrder.get(earlier);
                var other = inOrder.get(later);
                var from = other.opened();
                var to = min(one.endedOr(now), other.endedOr(now));
                if (one.topic().equals(other.topic()) && to.isAfter(from)) {
                    overlaps.add(of(one, other, from, to));
                }
            }
        }
        return overlaps;
    }

    private static Overlap of(StreamRecord one, StreamRecord other, Instant from, Instant to) {
        long millis = Duration.between(from, to).toMillis();
        return new Overlap(one.topic(), one.id(), other.id(), from, to, millis);
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
