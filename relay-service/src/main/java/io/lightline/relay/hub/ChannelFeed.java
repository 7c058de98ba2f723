package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.History;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.Notices;
import io.lightline.relay.hub.FanoutMetrics.Drop;
import io.lightline.relay.hub.FanoutMetrics.Presence;
import io.lightline.relay.hub.Membership.Standing;
import io.lightline.relay.recovery.Replay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One channel with local subscribers. It holds the position that all of them have, passes on what follows it, drops what is
 * older, and on a gap reads what is missing once for all of them. Delivery thread only.
 *
 * <pre>
 * {@link Opening} ── subscribed, position known ──► {@link Live} ── gap, other epoch, behind, restored ──► {@link CatchingUp}
 *     │ out of reach: joins refused                  ▲                                                │
 *     ▼                                              └── all read, or forgotten and everybody told ────┘
 *  {@link Closed} ◄── the last one left (from any stage)
 * </pre>
 *
 * A channel without history has no position: what comes is passed on.
 */
final class ChannelFeed {

    private static final Logger LOG = Logger.getLogger(ChannelFeed.class);
    private static final HistoryQuery LATEST = new HistoryQuery(null, 1, true);

    private final ChannelName channel;
    private final Following following;
    private final Backplane backplane;
    private final Renderer renderer;
    private final FanoutMetrics metrics;
    private final FanoutTraces traces;
    private final HubConfig config;
    private final BoundedReads reads;
    private final Consumer<ChannelFeed> onEmpty;

    private final Map<Optional<Filter>, Audience> audiences = new HashMap<>();
    private final Map<Membership, Join> joins = new LinkedHashMap<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private final Replays replays;
    private final PresenceBudget presenceBudget;
    private Stage stage = new Opening();
    private boolean idle = true;
    private boolean comparing;

    ChannelFeed(
            ChannelName channel,
            Following following,
            Backplane backplane,
            Renderer renderer,
            FanoutMetrics metrics,
            FanoutTraces traces,
            HubConfig config,
            BoundedReads reads,
            Consumer<ChannelFeed> onEmpty) {
        this.channel = channel;
        this.following = following;
        this.backplane = backplane;
        this.renderer = renderer;
        this.metrics = metrics;
        this.traces = traces;
        this.config = config;
        this.reads = reads;
        this.onEmpty = onEmpty;
        this.presenceBudget = new PresenceBudget(config.presenceRate(), config.presenceBurst(), System.nanoTime());
        this.replays = following == Following.LATEST
                ? new LatestValues(this)
                : new Recoveries(
                        this, config.recoveryLimit(), config.recoveryBytes().asLongValue());
    }

    /** What the feed does with a publication and with a join. */
    private sealed interface Stage {

        void publication(String epoch, Publication publication);

        void join(Join join);
    }

    /** A live publication that waits for what is missing before it. */
    private record Held(String epoch, Publication publication) {}

    /** Those who are in; not those who are about to be. */
    int subscribers() {
        int count = 0;
        for (Audience audience : audiences.values()) {
            count += audience.count();
        }
        return count;
    }

    void open() {
        backplane
                .subscribe(channel)
                .subscribe()
                .with(
                        _ -> {
                            if (stage instanceof Opening opening) {
                                opening.subscribed();
                            }
                        },
                        this::refuseAll);
    }

    void join(Join join) {
        join.membership().feed(this);
        stage.join(join);
    }

    private boolean tooManyFilters(@Nullable Filter filter) {
        int filters = audiences.size() - (audiences.containsKey(Optional.<Filter>empty()) ? 1 : 0);
        return filter != null && filters >= config.maxFilters() && !audiences.containsKey(Optional.of(filter));
    }

    void leave(Membership leaving) {
        switch (leaving.standing()) {
            case JOINING -> {
                joins.remove(leaving);
                replays.remove(leaving);
            }
            case IN -> dismiss(leaving);
            case OUT -> {}
        }
        leaving.standing(Standing.OUT);
        closeWhenEmpty();
    }

    private void dismiss(Membership leaving) {
        Optional<Filter> filter = Optional.ofNullable(leaving.interest().filter());
        Audience audience = audiences.get(filter);
        if (audience != null) {
            audience.dismiss(leaving);
            if (audience.isEmpty()) {
                audiences.remove(filter);
            }
        }
    }

    /** From the backplane, live. */
    void onPublication(String epoch, Publication publication) {
        metrics.receivedLive(publication);
        if (publication.positioned() && positioned()) {
            idle = false;
            stage.publication(epoch, publication);
        } else {
            broadcast(publication);
        }
    }

    /** From the backplane: somebody came or went. Heard at most once, so a channel with too much of it leaves some out. */
    void onPresence(PresenceEvent event) {
        int listeners = presenceListeners();
        if (listeners == 0) {
            return;
        }
        if (!presenceBudget.take(System.nanoTime())) {
            metrics.presence(Presence.DROPPED, listeners);
            return;
        }
        try (var rendering = new Rendering(false, encoding -> renderer.render(channel, event, encoding))) {
            audiences.values().forEach(audience -> audience.deliverPresence(rendering));
        }
    }

    private int presenceListeners() {
        int listeners = 0;
        for (Audience audience : audiences.values()) {
            listeners += audience.presenceListeners();
        }
        return listeners;
    }

    private boolean positioned() {
        return following != Following.LIVE;
    }

    /** Compares an idle feed with its stream: a lost last publication is found by nothing else. Nothing waits for it. */
    void check() {
        closeWhenEmpty();
        if (idle && !comparing && positioned() && stage instanceof Live live) {
            comparing = true;
            compare(live.position());
        }
        idle = true;
    }

    private void compare(Position held) {
        reads.startPatiently(
                backplane.history(channel, HistoryQuery.TOP),
                history -> {
                    comparing = false;
                    // A feed that has moved on meanwhile finds by itself what is missing.
                    if (stage instanceof Live live
                            && live.position().equals(held)
                            && !history.top().equals(held)) {
                        catchUp();
                    }
                },
                failure -> {
                    comparing = false;
                    LOG.debugf("Not compared with its stream channel=%s: %s", channel, failure.getMessage());
                });
    }

    /** Compares the feed with its stream now; what comes meanwhile waits. */
    void catchUp() {
        switch (stage) {
            case Live live
            when positioned() -> become(new CatchingUp(live.position())).start();
            case CatchingUp catchingUp -> catchingUp.again();
            case Live _, Opening _, Closed _ -> {}
        }
    }

    ChannelName channel() {
        return channel;
    }

    /** The position is about to be known or moved: everything else waits. */
    private abstract sealed class Waiting implements Stage {

        @Override
        public void publication(String epoch, Publication publication) {
            hold(epoch, publication);
        }

        @Override
        public void join(Join join) {
            joins.put(join.membership(), join);
        }
    }

    /** Subscribed to nothing yet, or not sure of it. */
    private final class Opening extends Waiting {

        void subscribed() {
            if (positioned()) {
                reads.start(backplane.history(channel, HistoryQuery.TOP), this::opened, ChannelFeed.this::refuseAll);
            } else {
                goLive(null);
            }
        }

        private void opened(History history) {
            if (stage == this) {
                goLive(history.top());
            }
        }
    }

    /** Every subscriber has every publication up to {@link #position}. */
    private final class Live implements Stage {

        private @Nullable Position position;

        Live(@Nullable Position position) {
            this.position = position;
        }

        Position position() {
            if (position == null) {
                throw new IllegalStateException("Channel " + channel + " keeps no history and has no position");
            }
            return position;
        }

        @Override
        public void publication(String epoch, Publication publication) {
            Position last = position();
            boolean follows = epoch.equals(last.epoch()) && publication.offset() == last.offset() + 1;
            if (follows || (following == Following.LATEST && newer(epoch, publication))) {
                broadcast(publication);
                position = new Position(publication.offset(), epoch);
            } else if (newer(epoch, publication)) {
                metrics.gap();
                LOG.debugf("Gap channel=%s at=%d next=%d", channel, last.offset(), publication.offset());
                // The reading starts after it was published: it brings this one too, or shows that it is of a former
                // life.
                metrics.dropped(Drop.OUT_OF_TURN);
                become(new CatchingUp(last)).start();
            } else {
                metrics.dropped(Drop.DUPLICATE);
            }
        }

        /** Also of another life of the stream: which of two comes later, only a reading shows. */
        private boolean newer(String epoch, Publication publication) {
            return !epoch.equals(position().epoch())
                    || publication.offset() > position().offset();
        }

        @Override
        public void join(Join join) {
            Position since = join.since();
            if (position == null) {
                admit(join.membership(), since == null ? null : Recovered.NOT);
            } else if (since != null && since.equals(position)) {
                admit(join.membership(), Recovered.with(List.of()));
            } else if (following == Following.LATEST) {
                replays.add(join.membership());
            } else if (since == null) {
                admit(join.membership(), null);
            } else if (since.epoch().equals(position.epoch()) && since.offset() < position.offset()) {
                recover(join.membership(), position.offset() - since.offset());
            } else if (join.verified()) {
                admit(join.membership(), Recovered.NOT);
            } else {
                // It may come from a pod that is ahead of this one: find out where the stream is before we say no.
                joins.put(join.membership(), join.afterVerification());
                catchUp();
            }
        }

        private void recover(Membership membership, long missed) {
            if (missed > config.recoveryLimit()) {
                admit(membership, Recovered.NOT);
            } else {
                replays.add(membership);
            }
        }
    }

    /** Something may be missing after {@link #position}; live publications wait until it is read. */
    private final class CatchingUp extends Waiting {

        private Position position;
        private boolean reading;
        private boolean again;

        CatchingUp(Position position) {
            this.position = position;
        }

        void start() {
            if (stage == this && !reading) {
                reading = true;
                if (following == Following.LATEST) {
                    readLatest(this::onLatest, this::onFailure);
                } else {
                    readOn(position, this::onRead, this::onFailure);
                }
            }
        }

        /** What is being read may already be old. */
        void again() {
            again = reading;
            start();
        }

        private void onRead(History history) {
            reading = false;
            if (stage != this) {
                return;
            }
            if (!Replay.continues(position, history)) {
                forget(history.top());
                return;
            }
            for (Publication publication : history.publications()) {
                metrics.received();
                broadcast(publication);
                position = position.at(publication.offset());
            }
            goOn(again || position.offset() < history.top().offset());
        }

        /** Nobody needs what lies between, nor cares in which life of the stream it was. */
        private void onLatest(History history) {
            reading = false;
            if (stage != this) {
                return;
            }
            if (!history.top().equals(position)) {
                position = history.top();
                history.publications().forEach(publication -> {
                    metrics.received();
                    broadcast(publication);
                });
            }
            goOn(again);
        }

        private void goOn(boolean more) {
            again = false;
            if (more) {
                start();
            } else {
                goLive(position);
            }
        }

        private void onFailure(Throwable failure) {
            reading = false;
            if (stage == this) {
                LOG.debugf("Cannot read what is missing channel=%s: %s", channel, failure.getMessage());
                refuseJoins();
                backplane.deliveryThread().schedule(config.retryDelay(), this::start);
            }
        }

        /** The stream cannot tell what came next: everybody starts anew, knowing it. */
        private void forget(Position top) {
            metrics.forgotten();
            LOG.infof(
                    "The stream has forgotten what subscribers miss channel=%s at=%d top=%d",
                    channel, position.offset(), top.offset());
            audiences.values().forEach(Audience::lose);
            audiences.clear();
            goLive(top);
        }
    }

    /** Nobody listens. */
    private final class Closed implements Stage {

        @Override
        public void publication(String epoch, Publication publication) {
            metrics.dropped(Drop.UNHEARD);
        }

        @Override
        public void join(Join join) {
            // It came with those who were refused because the backplane is out of reach.
            refuse(join.membership(), Refusal.UNAVAILABLE);
        }
    }

    private <S extends Stage> S become(S next) {
        stage = next;
        return next;
    }

    private void goLive(@Nullable Position position) {
        become(new Live(position));
        // Each of these may find the next gap: then the rest goes to that stage.
        for (int i = held.size(); i > 0 && !held.isEmpty(); i--) {
            Held next = held.remove();
            stage.publication(next.epoch, next.publication);
        }
        List<Join> waiting = List.copyOf(joins.values());
        joins.clear();
        waiting.forEach(join -> stage.join(join));
        closeWhenEmpty();
    }

    private void hold(String epoch, Publication publication) {
        if (held.size() < config.heldLimit()) {
            held.add(new Held(epoch, publication));
        } else {
            metrics.dropped(Drop.OVERFLOW);
        }
    }

    private void broadcast(Publication publication) {
        replays.broadcast(publication);
        if (audiences.isEmpty()) {
            metrics.dropped(Drop.UNHEARD);
            return;
        }
        var fields = new Fields(publication.draft());
        List<Audience> wanting = audiences.values().stream()
                .filter(audience -> audience.wants(fields))
                .toList();
        if (wanting.isEmpty()) {
            metrics.dropped(Drop.FILTERED);
            return;
        }
        try (var rendering = new Rendering(
                Notices.include(publication.draft()),
                traces.begin(channel, publication),
                encoding -> renderer.render(channel, publication, encoding))) {
            metrics.broadcast();
            wanting.forEach(audience -> audience.deliver(rendering, this::lose));
        }
        audiences.values().removeIf(Audience::isEmpty);
    }

    private boolean lose(LoopSubscribers group) {
        metrics.overloaded();
        LOG.warnf(
                "An event loop is too far behind, its subscribers are told to come back channel=%s subscribers=%d",
                channel, group.count());
        group.lose();
        return true;
    }

    /** The position of all subscribers: what {@link Replays} go up to. */
    Position position() {
        return switch (stage) {
            case Live live -> live.position();
            case CatchingUp catchingUp -> catchingUp.position;
            case Opening _, Closed _ -> throw new IllegalStateException("Channel " + channel + " has no position yet");
        };
    }

    void admit(Membership membership, @Nullable Recovered recovery) {
        Filter filter = membership.interest().filter();
        if (tooManyFilters(filter)) {
            refuse(membership, Refusal.TOO_MANY_FILTERS);
            return;
        }
        LoopSubscribers group = audiences
                .computeIfAbsent(Optional.ofNullable(filter), _ -> new Audience(filter, metrics))
                .groupOf(membership.subscriber());
        membership.admitted(group);
        group.admit(membership, positioned() ? position() : null, recovery);
    }

    void refuse(Membership membership, Refusal reason) {
        membership.standing(Standing.OUT);
        Subscriber subscriber = membership.subscriber();
        subscriber.loop().post(() -> {
            if (!membership.hasLeft()) {
                membership.end();
                subscriber.refused(reason);
            }
        });
        closeWhenEmpty();
    }

    private void refuseJoins() {
        List<Join> refused = List.copyOf(joins.values());
        joins.clear();
        refused.forEach(join -> refuse(join.membership(), Refusal.UNAVAILABLE));
    }

    private void refuseAll(Throwable failure) {
        LOG.debugf("Cannot follow channel=%s: %s", channel, failure.getMessage());
        refuseJoins();
        closeWhenEmpty();
    }

    private void readOn(Position since, Consumer<History> onRead, Consumer<Throwable> onFailure) {
        read(HistoryQuery.after(since, config.recoveryLimit()), onRead, onFailure);
    }

    /**
     * What lies between a position and the feed's own; of too much the oldest is left out, so that one who missed that does not
     * keep from the others what they missed.
     */
    void readBack(Position since, Consumer<History> onRead, Consumer<Throwable> onFailure) {
        Position last = position();
        int missed = Math.clamp(last.offset() - since.offset(), 0, config.recoveryLimit());
        read(
                new HistoryQuery(last.at(last.offset() + 1), missed, true),
                history -> onRead.accept(
                        new History(history.top(), history.publications().reversed())),
                onFailure);
    }

    private void read(HistoryQuery query, Consumer<History> onRead, Consumer<Throwable> onFailure) {
        HistoryQuery bounded = query.within(config.recoveryBytes().asLongValue());
        reads.start(backplane.history(channel, bounded), onRead, onFailure);
    }

    void readLatest(Consumer<History> onRead, Consumer<Throwable> onFailure) {
        reads.start(backplane.history(channel, LATEST), onRead, onFailure);
    }

    private void closeWhenEmpty() {
        if (audiences.isEmpty() && joins.isEmpty() && replays.isEmpty() && !(stage instanceof Closed)) {
            held.forEach(_ -> metrics.dropped(Drop.UNHEARD));
            held.clear();
            become(new Closed());
            onEmpty.accept(this);
        }
    }
}
