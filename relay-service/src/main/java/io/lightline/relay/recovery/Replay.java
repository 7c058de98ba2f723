package io.lightline.relay.recovery;

import io.lightline.backplane.History;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Merges what was read from a channel's stream with what came live meanwhile: sorted, unique, without a hole, or not at all.
 * The classic mistakes of home-made servers live here: a publication that came between the reading and the subscribing, one
 * that is in both, one that was trimmed in between.
 */
public final class Replay {

    private Replay() {}

    /**
     * Every publication after {@code since} up to and including {@code upTo}, in order.
     *
     * @param read a slice of the stream that starts at {@code since} or before, oldest first
     * @param live what arrived in order since the reading was asked for
     * @return empty when there is a hole, or another epoch, so that nothing may be replayed
     */
    public static Optional<List<Publication>> between(
            Position since, Position upTo, History read, Collection<Publication> live) {
        if (!since.epoch().equals(upTo.epoch())
                || !since.epoch().equals(read.top().epoch())) {
            return Optional.empty();
        }
        var replay = new ArrayList<Publication>();
        long last = append(read.publications(), replay, since.offset(), upTo.offset());
        last = append(live, replay, last, upTo.offset());
        return last == upTo.offset() ? Optional.of(replay) : Optional.empty();
    }

    /** Appends what continues at {@code last} without a hole, and answers how far that went. */
    private static long append(Collection<Publication> source, List<Publication> replay, long last, long upTo) {
        long reached = last;
        for (Publication publication : source) {
            if (publication.offset() == reached + 1 && publication.offset() <= upTo) {
                replay.add(publication);
                reached++;
            }
        }
        return reached;
    }

    /** Whether a slice that was read after {@code position} continues it, so that nothing in between is missing. */
    public static boolean continues(Position position, History read) {
        if (!position.epoch().equals(read.top().epoch()) || read.top().offset() < position.offset()) {
            return false;
        }
        return read.publications().isEmpty()
                ? read.top().offset() == position.offset()
                : read.publications().getFirst().offset() == position.offset() + 1;
    }
}
