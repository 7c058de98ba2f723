package io.lightline.relay.session;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceOptions;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.Notices;
import io.lightline.relay.hub.FanoutLoop;
import io.lightline.relay.hub.Following;
import io.lightline.relay.hub.Interest;
import io.lightline.relay.hub.Membership;
import io.lightline.relay.hub.Recovered;
import io.lightline.relay.hub.Refusal;
import io.lightline.relay.hub.Subscriber;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.Reply.Recovery;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.tenant.ChannelRules;
import io.lightline.relay.tenant.RecoveryMode;
import io.lightline.relay.tenant.SlowConsumer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One session on one channel. On the connection's event loop only. */
final class Subscription implements Subscriber {

    private final Session session;
    private final SessionServices services;
    private final Terms terms;
    private final Outcome outcome;
    private @Nullable Instant expiresAt;
    private boolean joining;
    private @Nullable Membership membership;
    private @Nullable Member present;
    private @Nullable ServerFrame latest;

    Subscription(Session session, SessionServices services, Terms terms, Outcome outcome) {
        this.session = session;
        this.services = services;
        this.terms = terms;
        this.outcome = outcome;
        this.expiresAt = terms.expiresAt();
    }

    /** By what right it exists, and so what ends it. */
    enum Right {
        /** The user's own rights: it ends when they do. */
        USER,
        /** A subscription token: it ends when that does. */
        TOKEN,
        /** The connection's token names it: it ends when a later one does not. */
        CLAIM,
        /** It is the connection's own, or the back end wants it: that ends it. */
        SERVER;

        /** Whether the client asked for it, and so asks again by itself. */
        boolean asked() {
            return this == USER || this == TOKEN;
        }
    }

    /**
     * What it is about.
     *
     * @param forced filter that the client cannot take away; null for none
     * @param wanted filter of the client's own; null for none
     * @param joinLeave whether the client asked to hear who comes and goes
     * @param since where the client was, when it wants to recover; null when it starts anew
     * @param info what others see of the client on this channel; null for nothing
     * @param data for the client, from its token; null for none
     * @param expiresAt when its token ends; null for never
     */
    record Terms(
            ChannelName channel,
            ChannelRules rules,
            Right right,
            @Nullable Filter forced,
            @Nullable Filter wanted,
            boolean joinLeave,
            @Nullable Position since,
            @Nullable RawJson info,
            @Nullable RawJson data,
            @Nullable Instant expiresAt) {

        Interest interest() {
            return new Interest(
                    following(),
                    Notices.passing(forced, wanted),
                    rules.joinLeave() && (joinLeave || rules.pushJoinLeave()),
                    since);
        }

        private Following following() {
            if (!rules.retention().keeps()) {
                return Following.LIVE;
            }
            return rules.recovery() == RecoveryMode.CACHE ? Following.LATEST : Following.STREAM;
        }

        PresenceOptions presence() {
            return new PresenceOptions(rules.presence(), rules.joinLeave());
        }
    }

    /** Who is told what becomes of it: one of the three. */
    sealed interface Outcome permits ByCommand, AtConnect, ByServer {

        void subscribed(Reply.Subscribed reply);

        void refused(Refusal reason);

        /** It was left before it was there. */
        void abandoned(ErrorCode reason);
    }

    Terms terms() {
        return terms;
    }

    String channel() {
        return terms.channel.name();
    }

    void join() {
        joining = true;
        membership = services.hub().join(terms.channel, terms.interest(), this);
    }

    boolean joining() {
        return joining;
    }

    /**
     * Nothing is delivered any more. Harmless when it was left or lost already.
     *
     * @param whenJoining what whoever waits for it is told
     */
    void leave(ErrorCode whenJoining) {
        if (membership != null) {
            membership.leave();
        }
        end();
        if (joining) {
            joining = false;
            outcome.abandoned(whenJoining);
        }
    }

    private void end() {
        if (present != null) {
            services.presence().leave(terms.channel, present, terms.presence());
            present = null;
        }
        if (latest != null) {
            latest.release();
            latest = null;
        }
    }

    boolean expired(Instant now) {
        return expiresAt != null && now.isAfter(expiresAt);
    }

    void refresh(@Nullable Instant newEnd) {
        expiresAt = newEnd;
    }

    @Override
    public FanoutLoop loop() {
        return session.fanoutLoop();
    }

    @Override
    public Encoding encoding() {
        return session.encoding();
    }

    @Override
    public void joined(@Nullable Position position, @Nullable Recovered recovered) {
        joining = false;
        enter();
        Recovery recovery = recovery(recovered);
        List<Publication> publications = recovered == null ? List.of() : recovered.publications();
        if (recovery != null) {
            services.metrics().recovery(recovery, publications.size());
        }
        outcome.subscribed(new Reply.Subscribed(
                told(position, recovered), recovery, publications, session.untilEnd(expiresAt), terms.data));
    }

    private @Nullable Recovery recovery(@Nullable Recovered recovered) {
        if (terms.since == null) {
            return null;
        }
        return recovered != null && recovered.complete() ? Recovery.COMPLETE : Recovery.IMPOSSIBLE;
    }

    /**
     * As in Centrifuge: a reply with recovered publications says where they start, and each of them moves the client on. It may
     * stop in the middle of them and still knows where it is. A filter may leave none of them.
     */
    private @Nullable Position told(@Nullable Position position, @Nullable Recovered recovered) {
        Position since = terms.since;
        boolean replayed =
                recovered != null && !recovered.publications().isEmpty() && terms.following() == Following.STREAM;
        return replayed && since != null && position != null ? position.at(since.offset()) : position;
    }

    private void enter() {
        if (terms.rules.presence() || terms.rules.joinLeave()) {
            present = session.member(Optional.ofNullable(terms.info));
            services.presence().enter(terms.channel, present, terms.presence());
        }
    }

    @Override
    public void refused(Refusal reason) {
        joining = false;
        session.forget(this);
        outcome.refused(reason);
    }

    @Override
    public Delivery deliver(ServerFrame frame) {
        return terms.rules.slowConsumer() == SlowConsumer.LATEST
                        && (latest != null || !session.outbox().writable())
                ? keep(frame)
                : session.deliver(frame);
    }

    @Override
    public Delivery deliverNotice(ServerFrame frame) {
        writable();
        return session.deliver(frame);
    }

    /** The client is slow, and of this channel it needs the latest publication only. */
    private Delivery keep(ServerFrame frame) {
        ServerFrame older = latest;
        latest = frame.retain();
        if (older == null) {
            return Delivery.DELIVERED;
        }
        older.release();
        return Delivery.CONFLATED;
    }

    /** The client keeps up again. */
    void writable() {
        ServerFrame frame = latest;
        if (frame != null) {
            latest = null;
            session.deliver(frame);
            frame.release();
        }
    }

    @Override
    public void deliverPresence(ServerFrame frame) {
        if (session.outbox().writable()) {
            session.deliver(frame);
        }
    }

    @Override
    public void flush() {
        session.outbox().flush();
    }

    @Override
    public void lost() {
        end();
        session.begunAnew(this);
    }
}
