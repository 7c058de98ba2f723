package io.lightline.relay.hub;

import io.lightline.backplane.History;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.recovery.Replay;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The joins of one channel that wait for a slice of its stream. One reading serves all that wait when it starts, and those that
 * come while it runs and need no more; the others share the next one. Live publications are kept from the start of a reading to
 * its end, because the slice ends before them. It begins later than asked for when that would be too many bytes: who misses what
 * is left out cannot recover. Delivery thread only.
 */
final class Recoveries implements Replays {

    private final ChannelFeed feed;
    private final int limit;
    private final long maxBytes;
    private final Map<Membership, Recovering> waiting = new LinkedHashMap<>();
    private final Deque<Publication> live = new ArrayDeque<>();
    private boolean reading;

    Recoveries(ChannelFeed feed, int limit, long maxBytes) {
        this.feed = feed;
        this.limit = limit;
        this.maxBytes = maxBytes;
    }

    /** A join that asked for the publications after a position. */
    private record Recovering(Membership membership, Position since) {

        Slice slice() {
            return new Slice(since, membership.interest().filter());
        }
    }

    /** What several joins may have in common. */
    private record Slice(Position since, @Nullable Filter filter) {}

    @Override
    public void add(Membership membership) {
        Position since = Objects.requireNonNull(membership.interest().since());
        waiting.put(membership, new Recovering(membership, since));
        if (!reading) {
            read();
        }
    }

    @Override
    public void remove(Membership membership) {
        waiting.remove(membership);
    }

    @Override
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Override
    public void broadcast(Publication publication) {
        if (reading && live.size() < limit) {
            live.add(publication);
        }
    }

    private void read() {
        Position since = waiting.values().stream()
                .map(Recovering::since)
                .min(Comparator.comparingLong(Position::offset))
                .orElseThrow();
        reading = true;
        feed.readBack(since, history -> complete(since, history), this::fail);
    }

    private void complete(Position from, History history) {
        reading = false;
        var answers = new Answers(history);
        for (Recovering one : servedFrom(from)) {
            feed.admit(one.membership, answers.to(one));
        }
        live.clear();
        if (!waiting.isEmpty()) {
            read();
        }
    }

    /** Those to whom a reading from this position is enough: they wait no longer. */
    private List<Recovering> servedFrom(Position from) {
        List<Recovering> served = waiting.values().stream()
                .filter(one -> one.since.offset() >= from.offset())
                .toList();
        served.forEach(one -> waiting.remove(one.membership));
        return served;
    }

    /** What one reading gives to those who waited for it. A publication is parsed once, however many filters look at it. */
    private final class Answers {

        private final History history;
        private final Map<Slice, Recovered> shared = new HashMap<>();
        private final Map<Long, Fields> parsed = new HashMap<>();

        Answers(History history) {
            this.history = history;
        }

        Recovered to(Recovering one) {
            return shared.computeIfAbsent(one.slice(), this::recovered);
        }

        /** Cut before it is filtered, so that filters never parse more than may be replayed. */
        private Recovered recovered(Slice slice) {
            return Replay.between(slice.since, feed.position(), history, live)
                    .filter(replay -> bytes(replay) <= maxBytes)
                    .map(replay -> Recovered.with(replay).through(slice.filter, this::fields))
                    .orElse(Recovered.NOT);
        }

        private Fields fields(Publication publication) {
            return parsed.computeIfAbsent(publication.offset(), _ -> new Fields(publication.draft()));
        }
    }

    private static long bytes(List<Publication> replay) {
        return replay.stream().mapToLong(Publication::bytes).sum();
    }

    private void fail(Throwable failure) {
        reading = false;
        live.clear();
        List<Recovering> failed = List.copyOf(waiting.values());
        waiting.clear();
        failed.forEach(one -> feed.refuse(one.membership, Refusal.UNAVAILABLE));
    }
}
