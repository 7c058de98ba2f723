package io.lightline.backplane;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Redis is to {@link RedisBackplane}: what the {@link InMemoryBackplane pods} of one process share. One lock makes every
 * operation a single step and gives publications and events their one order.
 */
public final class InMemoryStore {

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);
    /** How long the epoch of a channel is known that nobody has published to; as in {@code history.lua}. */
    private static final Duration UNWRITTEN_MEMORY = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<ChannelName, Life> lives = new HashMap<>();
    private final Map<ChannelName, Source> sources = new HashMap<>();
    private final Map<String, InMemoryLeases> leases = new HashMap<>();
    private final Map<Idempotency, Answer> answers = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<ChannelName, InMemoryPresence> presences = new HashMap<>();
    private final Map<UserName, Revocation> revocations = new HashMap<>();
    private final Map<ChannelName, Set<InMemoryBackplane>> subscribers = new HashMap<>();
    private final Map<ChannelName, Set<InMemoryBackplane>> servers = new HashMap<>();
    private final Map<String, InMemoryBackplane> pods = new HashMap<>();
    private Instant nextSweep = Instant.MIN;

    public InMemoryStore() {
        this(InstantSource.system());
    }

    InMemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Position publish(ChannelName channel, Draft draft, PublishOptions options, BackplaneConfig config) {
        sweep();
        Optional<Idempotency> idempotency = options.idempotencyKey().map(key -> new Idempotency(channel, key));
        Answer known = idempotency.map(answers::get).orElse(null);
        if (known != null && known.until.isAfter(clock.instant())) {
            return known.position;
        }
        Position position = append(channel, draft, options.retention(), config);
        idempotency.ifPresent(key ->
                answers.put(key, new Answer(position, clock.instant().plus(config.idempotencyWindow()))));
        return position;
    }

    synchronized Copied publishFrom(
            ChannelName channel,
            List<SourceEvent> events,
            Retention retention,
            Checkpoint checkpoint,
            BackplaneConfig config) {
        sweep();
        Source source = sources.computeIfAbsent(channel, _ -> new Source());
        source.admit(channel, checkpoint.fence());
        if (!Optional.ofNullable(source.checkpoint).equals(checkpoint.expected())) {
            throw new CheckpointConflictException(channel, checkpoint, Optional.ofNullable(source.checkpoint));
        }
        source.checkpoint = checkpoint.reached().orElse(null);
        Instant now = clock.instant();
        source.forget(now);
        int published = 0;
        var known = new HashSet<String>();
        for (SourceEvent event : events) {
            if (source.seenUntil.putIfAbsent(event.id(), now.plus(config.dedupeWindow())) == null) {
                append(channel, event.draft(), retention, config);
                published++;
            } else {
                known.add(event.id());
            }
        }
        return new Copied(published, known);
    }

    synchronized Optional<String> checkpoint(ChannelName channel) {
        return Optional.ofNullable(sources.get(channel)).map(source -> source.checkpoint);
    }

    synchronized Optional<String> checkpoint(ChannelName channel, long fence) {
        sources.computeIfAbsent(channel, _ -> new Source()).admit(channel, fence);
        return checkpoint(channel);
    }

    synchronized List<ChannelName> channels(String tenant, String prefix) {
        Instant now = clock.instant();
        return lives.entrySet().stream()
                .filter(life -> life.getValue().knownUntil.isAfter(now))
                .map(Map.Entry::getKey)
                .filter(channel ->
                        channel.tenant().equals(tenant) && channel.name().startsWith(prefix))
                .toList();
    }

    synchronized LeaseAnswer claim(LeaseClaim claim) {
        return leases.computeIfAbsent(claim.group(), _ -> new InMemoryLeases()).claim(claim, clock.instant());
    }

    synchronized History history(ChannelName channel, HistoryQuery query, BackplaneConfig config) {
        sweep();
        Life life = life(channel);
        life.remember(life.top == 0 ? shorter(config.positionTtl(), UNWRITTEN_MEMORY) : config.positionTtl(), clock);
        Stream<Publication> found = query.reverse() ? life.kept.reversed().stream() : life.kept.stream();
        Position since = query.since();
        if (since != null) {
            found = found.filter(publication ->
                    query.reverse() ? publication.offset() < since.offset() : publication.offset() > since.offset());
        }
        return new History(new Position(life.top, life.epoch), slice(found, query));
    }

    private static List<Publication> slice(Stream<Publication> found, HistoryQuery query) {
        var slice = new ArrayList<Publication>();
        long room = query.maxBytes();
        for (Publication publication : (Iterable<Publication>) found.limit(query.limit())::iterator) {
            room -= Envelope.length(publication.draft());
            if (room < 0 && !slice.isEmpty()) {
                break;
            }
            slice.add(publication);
        }
        return slice;
    }

    synchronized void removeHistory(ChannelName channel) {
        Life life = lives.get(channel);
        if (life != null) {
            life.kept.clear();
        }
    }

    synchronized void subscribe(ChannelName channel, InMemoryBackplane pod) {
        subscribers.computeIfAbsent(channel, _ -> new HashSet<>()).add(pod);
    }

    synchronized void unsubscribe(ChannelName channel, InMemoryBackplane pod) {
        subscribers.computeIfPresent(channel, (_, pods) -> {
            pods.remove(pod);
            return pods.isEmpty() ? null : pods;
        });
    }

    synchronized void enter(ChannelName channel, Member member, PresenceOptions options, BackplaneConfig config) {
        if (options.listed()) {
            tell(channel, present(channel).enter(member, options.announced(), clock.instant(), config.presenceTtl()));
        } else if (options.announced()) {
            tell(channel, List.of(new PresenceEvent.Joined(member)));
        }
    }

    synchronized void leave(ChannelName channel, Member member, PresenceOptions options) {
        if (options.listed()) {
            tell(channel, present(channel).leave(member, options.announced(), clock.instant()));
        } else if (options.announced()) {
            tell(channel, List.of(new PresenceEvent.Left(member)));
        }
    }

    synchronized void keep(
            ChannelName channel, Collection<Member> members, PresenceOptions options, BackplaneConfig config) {
        if (options.listed()) {
            tell(channel, present(channel).keep(members, options.announced(), clock.instant(), config.presenceTtl()));
        }
    }

    synchronized List<Member> presence(ChannelName channel, int limit) {
        InMemoryPresence present = present(channel);
        tell(channel, present.forgetSilent(clock.instant()));
        int count = present.stats().clients();
        if (count > limit) {
            throw new TooManyMembersException(count, limit);
        }
        return present.members();
    }

    synchronized PresenceStats presenceStats(ChannelName channel) {
        InMemoryPresence present = present(channel);
        tell(channel, present.forgetSilent(clock.instant()));
        return present.stats();
    }

    synchronized void attach(InMemoryBackplane pod) {
        pods.put(pod.podId(), pod);
    }

    synchronized void detach(InMemoryBackplane pod) {
        pods.remove(pod.podId());
        servers.values().removeIf(serving -> serving.remove(pod) && serving.isEmpty());
    }

    synchronized void control(RawJson message) {
        pods.values().forEach(pod -> pod.say(message));
    }

    synchronized void control(String podId, RawJson message) {
        InMemoryBackplane pod = pods.get(podId);
        if (pod != null) {
            pod.say(message);
        }
    }

    synchronized void serve(ChannelName channel, InMemoryBackplane pod) {
        servers.computeIfAbsent(channel, _ -> new HashSet<>()).add(pod);
    }

    synchronized void unserve(ChannelName channel, InMemoryBackplane pod) {
        servers.computeIfPresent(channel, (_, serving) -> {
            serving.remove(pod);
            return serving.isEmpty() ? null : serving;
        });
    }

    /** @return how many were asked */
    synchronized int ask(ChannelName channel, RawJson question, Consumer<Reply> asker) {
        Set<InMemoryBackplane> serving = servers.getOrDefault(channel, Set.of());
        serving.forEach(pod -> pod.question(channel, question, asker));
        return serving.size();
    }

    synchronized void revoke(Revocation revocation) {
        sweep();
        revocations.merge(new UserName(revocation.tenant(), revocation.user()), revocation, InMemoryStore::laterOf);
    }

    synchronized List<Revocation> revocations() {
        Instant now = clock.instant();
        revocations.values().removeIf(revocation -> !revocation.until().isAfter(now));
        return List.copyOf(revocations.values());
    }

    synchronized void announce(NodeInfo node, BackplaneConfig config) {
        nodes.put(node.id(), new Node(node, clock.instant().plus(config.nodeTtl())));
    }

    synchronized List<NodeInfo> nodes() {
        Instant now = clock.instant();
        nodes.values().removeIf(node -> !node.until.isAfter(now));
        return nodes.values().stream().map(Node::info).toList();
    }

    private Position append(ChannelName channel, Draft draft, Retention retention, BackplaneConfig config) {
        if (!retention.keeps()) {
            deliver(channel, "", new Publication(0, draft));
            return new Position(0, "");
        }
        Life life = life(channel);
        life.remember(config.positionTtl(), clock);
        life.remember(retention.time(), clock);
        life.top++;
        var publication = new Publication(life.top, draft);
        life.kept.addLast(publication);
        while (life.kept.size() > retention.size()) {
            life.kept.removeFirst();
        }
        life.keptUntil = clock.instant().plus(retention.time());
        deliver(channel, life.epoch, publication);
        return new Position(life.top, life.epoch);
    }

    private void deliver(ChannelName channel, String epoch, Publication publication) {
        subscribers.getOrDefault(channel, Set.of()).forEach(pod -> pod.deliver(channel, epoch, publication));
    }

    private InMemoryPresence present(ChannelName channel) {
        sweep();
        return presences.computeIfAbsent(channel, _ -> new InMemoryPresence());
    }

    private void tell(ChannelName channel, List<PresenceEvent> events) {
        Set<InMemoryBackplane> listening = subscribers.getOrDefault(channel, Set.of());
        events.forEach(event -> listening.forEach(pod -> pod.tell(channel, event)));
    }

    private static Revocation laterOf(Revocation one, Revocation other) {
        return new Revocation(
                one.tenant(),
                one.user(),
                Collections.max(List.of(one.issuedBefore(), other.issuedBefore())),
                Collections.max(List.of(one.until(), other.until())));
    }

    /** The stream of a channel in its present life; a new one begins when the last has been forgotten. */
    private Life life(ChannelName channel) {
        Instant now = clock.instant();
        Life life = lives.compute(
                channel, (_, last) -> last == null || !last.knownUntil.isAfter(now) ? new Life(Epoch.next()) : last);
        life.forget(now);
        return life;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Frees what nobody asks for any more; what is asked for is checked when it is. */
    private void sweep() {
        Instant now = clock.instant();
        if (now.isBefore(nextSweep)) {
            return;
        }
        nextSweep = now.plus(SWEEP_INTERVAL);
        answers.values().removeIf(answer -> !answer.until.isAfter(now));
        lives.values().removeIf(life -> !life.knownUntil.isAfter(now));
        lives.values().forEach(life -> life.forget(now));
        sources.values().forEach(source -> source.forget(now));
        sources.values().removeIf(Source::isEmpty);
        presences.forEach((channel, presence) -> tell(channel, presence.forgetSilent(now)));
        presences.values().removeIf(InMemoryPresence::isEmpty);
        revocations.values().removeIf(revocation -> !revocation.until().isAfter(now));
    }

    private record Idempotency(ChannelName channel, String key) {}

    private record Answer(Position position, Instant until) {}

    private record UserName(String tenant, String user) {}

    private record Node(NodeInfo info, Instant until) {}

    /** One life of a channel's stream: what one epoch names. */
    private static final class Life {

        final String epoch;
        final Deque<Publication> kept = new ArrayDeque<>();
        long top;
        Instant keptUntil = Instant.MIN;
        Instant knownUntil = Instant.MIN;

        Life(String epoch) {
            this.epoch = epoch;
        }

        /** For so long at least. */
        void remember(Duration time, InstantSource clock) {
            Instant until = clock.instant().plus(time);
            if (until.isAfter(knownUntil)) {
                knownUntil = until;
            }
        }

        void forget(Instant now) {
            if (!keptUntil.isAfter(now)) {
                kept.clear();
            }
        }
    }

    /** How far a channel's source has been copied, by whom, and which events of it are known; the oldest first. */
    private static final class Source {

        final Map<String, Instant> seenUntil = new LinkedHashMap<>();

        @Nullable
        String checkpoint;

        long fence;

        /** As good as none. */
        boolean isEmpty() {
            return seenUntil.isEmpty() && checkpoint == null && fence == 0;
        }

        void admit(ChannelName channel, long callers) {
            if (callers < fence) {
                throw new FencedException(channel, callers, fence);
            }
            fence = callers;
        }

        void forget(Instant now) {
            Iterator<Instant> oldest = seenUntil.values().iterator();
            while (oldest.hasNext() && !oldest.next().isAfter(now)) {
                oldest.remove();
            }
        }
    }
}
