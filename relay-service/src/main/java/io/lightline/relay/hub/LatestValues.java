package io.lightline.relay.hub;

import io.lightline.backplane.History;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The joins of a channel of which only the latest publication counts. One reading serves all that wait when it starts; a
 * publication that comes meanwhile is the latest one.
 */
final class LatestValues implements Replays {

    private final ChannelFeed feed;
    private final List<Membership> waiting = new ArrayList<>();
    private boolean reading;
    private @Nullable Publication live;

    LatestValues(ChannelFeed feed) {
        this.feed = feed;
    }

    @Override
    public void add(Membership membership) {
        waiting.add(membership);
        if (!reading) {
            reading = true;
            feed.readLatest(this::complete, this::fail);
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
        // One that is not kept is nobody's latest value.
        if (reading && publication.positioned()) {
            live = publication;
        }
    }

    private void complete(History history) {
        Recovered latest = live == null ? latest(feed.position(), history) : Recovered.with(List.of(live));
        end().forEach(membership ->
                feed.admit(membership, latest.through(membership.interest().filter())));
    }

    private void fail(Throwable failure) {
        end().forEach(membership -> feed.refuse(membership, Refusal.UNAVAILABLE));
    }

    private List<Membership> end() {
        List<Membership> served = List.copyOf(waiting);
        waiting.clear();
        reading = false;
        live = null;
        return served;
    }

    /** When the stream is ahead of this feed, its newest publication is still to come live. */
    private static Recovered latest(Position position, History history) {
        if (!history.top().equals(position)) {
            return Recovered.with(List.of());
        }
        return history.publications().isEmpty() ? Recovered.NOT : Recovered.with(history.publications());
    }
}
