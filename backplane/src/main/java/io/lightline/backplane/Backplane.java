package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The port between pods: what one publishes, all hear; who is where; and what pods have to say to each other.
 *
 * <p><b>Threads.</b> Every method may be called from any thread and never blocks. Answers arrive on the backplane's
 * {@linkplain #deliveryThread() delivery thread}, the one that also calls the {@link BackplaneListener}, so that whoever
 * does its work there needs no locks.
 *
 * <p><b>Order.</b> Publications and presence events of a channel have one order, the same for every listener. Calls from one
 * thread for one channel take effect in the order of the calls.
 *
 * <p><b>Delivery.</b> A listener may miss publications (a connection broke) and sees none twice unless it reads them from
 * {@link #history} as well: compare offsets. What {@link #publish} has acknowledged for a channel with history can be read
 * until it falls out of {@link Retention}; when the store itself forgets (restart, eviction, fail-over with loss), the
 * channel gets a new epoch, so that no position of the old life is ever taken for one of the new. Presence events and control
 * messages have no history: they are heard now or never.
 *
 * <p><b>Errors.</b> {@link BackplaneUnavailableException}, at once when the store is down or too much is in flight, and at
 * the latest after {@link BackplaneConfig#timeout()}.
 *
 * <p>A {@link Uni} does its work when subscribed to, each time anew.
 */
public interface Backplane {

    /** Bytes of a {@linkplain #ask question}, and of its answer, at most. */
    int MAX_QUESTION = 2 * 1024 * 1024;

    /**
     * Publishes one message and gives it the next offset, in one atomic step.
     *
     * @return its position; offset 0 and an empty epoch when {@code options} keep no history
     */
    Uni<Position> publish(ChannelName channel, Draft draft, PublishOptions options);

    /**
     * Publishes the events of a source and moves the channel's checkpoint, in one atomic step: all or nothing, so a crash
     * before it repeats nothing and a crash after it loses nothing. Events whose id this channel has published within
     * {@link BackplaneConfig#dedupeWindow()} are left out. No events is legal: it moves the checkpoint only.
     *
     * <p>Where no checkpoint is in force, only a call that expects none is accepted, or the first event of a source could be
     * passed over. A store that has lost its data therefore answers with a conflict that names none: read the checkpoint again,
     * and go on from one's own memory of it, expecting none.
     *
     * @throws CheckpointConflictException (as a failure) when another checkpoint is in force than expected
     * @throws FencedException (as a failure) when a higher fence is in force; a higher one of the caller comes into force
     */
    Uni<Copied> publishFrom(ChannelName channel, List<SourceEvent> events, Retention retention, Checkpoint checkpoint);

    /** The checkpoint that is in force; empty when there is none. For whoever only looks. */
    Uni<Optional<String>> checkpoint(ChannelName channel);

    /**
     * The checkpoint that is in force, empty when there is none, for whoever is about to read the source from there. In the
     * same step the fence comes into force, so that whoever has a lower one can publish nothing from then on, not even what
     * is on its way.
     *
     * @param fence of the caller's lease; 0 when there are no leases
     * @throws FencedException (as a failure) when a higher fence is in force
     */
    Uni<Optional<String>> checkpoint(ChannelName channel, long fence);

    /**
     * The channels of a tenant whose names begin with a prefix and that somebody has published to or read, as long as their
     * position is remembered; in no order. Looks through everything in the store: for rare occasions only. One that begins
     * meanwhile may be missing.
     */
    Uni<List<ChannelName>> channels(String tenant, String prefix);

    /**
     * Reads a slice and the position of a channel's stream in one step. Creates the epoch of a channel that has none;
     * until something is published, that is forgotten when it is not read for ten minutes, and another one begins. The slice
     * may end before the stream does, by either limit of the query; neither side ever holds much more than that.
     */
    Uni<History> history(ChannelName channel, HistoryQuery query);

    /**
     * Forgets the publications of a channel, but not its position: offsets go on in the same epoch, so whoever wants to
     * recover from before finds a gap, and nobody takes new publications for old ones.
     */
    Uni<Void> removeHistory(ChannelName channel);

    /**
     * Starts to listen to a channel. Completes when the store has confirmed: what is published from then on reaches the
     * {@linkplain #listen listener}. Stays in force over reconnects until {@link #unsubscribe}. Calls for one channel take
     * effect in their order; a second one without an {@link #unsubscribe} in between is harmless.
     */
    Uni<Void> subscribe(ChannelName channel);

    /** Stops to listen to a channel; a few publications may still come. Completes when it has taken effect locally. */
    Uni<Void> unsubscribe(ChannelName channel);

    /** Sets the one listener of this pod. To be called once, before the first {@link #subscribe}. */
    void listen(BackplaneListener listener);

    /** The single thread (event loop) on which the listener is called and every {@link Uni} of this port answers. */
    DeliveryThread deliveryThread();

    /**
     * Tells that somebody is on a channel. When listed, that holds for {@link BackplaneConfig#presenceTtl()} unless it is
     * {@linkplain #keep kept}; one who is listed already is refreshed, with what is said now, and not announced again.
     */
    Uni<Void> enter(ChannelName channel, Member member, PresenceOptions options);

    /** Tells that somebody left a channel. With {@code listed}, one who is not listed (any more) is not announced either. */
    Uni<Void> leave(ChannelName channel, Member member, PresenceOptions options);

    /**
     * Keeps those listed who are on a channel through this pod: to be called for all of them, several times within
     * {@link BackplaneConfig#presenceTtl()}, and at once after {@link BackplaneListener#onRestored()}. Lists those anew whom
     * the store has forgotten (a restart), without a second {@link PresenceEvent.Joined}, unless the others were told that
     * they left, because this pod was silent for too long. With many it is several steps, so some may be kept when it fails.
     * Does nothing for those who are not listed.
     */
    Uni<Void> keep(ChannelName channel, Collection<Member> present, PresenceOptions options);

    /**
     * Who is listed on a channel, on all pods; in no order. May show already what was said after this call was made, so calls
     * that are made at once may share their answer. Like each of the other presence calls it also removes those whose pod
     * fell silent, and tells the listeners of those among them that are announced: so the leaves of a dead pod reach the
     * others soon, as long as some pod has to do with the channel.
     *
     * @param limit members at most
     * @throws TooManyMembersException (as a failure) when more are listed; they are not read then
     */
    Uni<List<Member>> presence(ChannelName channel, int limit);

    /** How many are listed on a channel. Cheap, however many they are. */
    Uni<PresenceStats> presenceStats(ChannelName channel);

    /** Names this pod for {@link #control(String, RawJson)}. Unique for the life of this process; may be called at any time. */
    String podId();

    /** Says something to every pod that listens, this one included. At most once: a pod that is cut off never hears it. */
    Uni<Void> control(RawJson message);

    /** Says something to one pod, which may be this one. At most once: nothing tells whether it was heard. */
    Uni<Void> control(String podId, RawJson message);

    /**
     * Asks whoever {@linkplain #serve serves} a channel, on any pod, and waits for the answer. At most once, and nothing is
     * kept: what was asked has happened when there is an answer, has not when nobody serves, and may have when the answer is
     * lost or late. When several serve, which hand-overs should avoid, all are asked and the first answer wins. Questions
     * that wait for answers are bounded as commands are ({@link BackplaneConfig#maxInFlight()}).
     *
     * @throws NobodyServesException (as a failure) at once, when nobody serves the channel now
     * @throws ServerFailedException (as a failure) when who serves it fails, or has too much to answer
     * @throws BackplaneUnavailableException (as a failure) also when there is no answer within {@link BackplaneConfig#timeout()}
     * @throws IllegalArgumentException (as a failure) when the question has more than {@link #MAX_QUESTION} bytes
     */
    Uni<RawJson> ask(ChannelName channel, RawJson question);

    /**
     * Answers what is {@linkplain #ask asked} on a channel, until {@link #unserve}; over reconnects too. Completes when what is
     * asked from then on is heard. A second call on a pod replaces the first one's server.
     *
     * @param server called on the {@linkplain #deliveryThread() delivery thread}, must not block, may answer on any thread and
     *     in any order; {@link BackplaneConfig#maxInFlight()} questions of all channels at most are with servers at a time
     */
    Uni<Void> serve(ChannelName channel, Function<RawJson, Uni<RawJson>> server);

    /** Takes no further questions; those that were taken are answered. Completes when it has taken effect locally. */
    Uni<Void> unserve(ChannelName channel);

    /**
     * Remembers a revocation for whoever asks for {@link #revocations}; to tell the pods at once is {@link #control}'s part.
     * Of two for one user the later {@code issuedBefore} and the later {@code until} are kept.
     */
    Uni<Void> revoke(Revocation revocation);

    /** The revocations in force, of all tenants: those whose {@code until} has not come; in no order. */
    Uni<List<Revocation>> revocations();

    /** Tells the other pods about this one; forgotten after {@link BackplaneConfig#nodeTtl()} unless told again. */
    Uni<Void> announce(NodeInfo node);

    /** The pods that are alive, this one included when it was {@linkplain #announce announced}; in no order. */
    Uni<List<NodeInfo>> nodes();

    /**
     * Tells that a member of a group lives and what it wants, and what it holds from now on: to be called several times within
     * its time to live. Each lease has one holder. A free one goes to the member that wants it and holds fewest, of equals to
     * the one whose id comes first: to the caller at once, to another when that one claims. So a group shares its leases evenly,
     * and what a member lost or gave up is taken over at the next claim of another.
     *
     * <p>A member that was silent for longer than its time to live has to stop by itself: from then on others may hold its
     * leases. If nobody has claimed meanwhile, its next claim finds them as they were. A store that has lost its data knows
     * no holders: whoever claims first gets a name, under a higher fence than any before.
     */
    Uni<LeaseAnswer> claim(LeaseClaim claim);

    /** Whether publications go out and come in now: the truth for readiness, cheap enough to ask often. */
    BackplaneState state();

    /** Closes connections and fails what is in flight. Not to be used afterwards. */
    Uni<Void> close();
}
