package io.lightline.backplane;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The backplane over Redis 7 or newer (or Valkey): streams hold the history, pub/sub carries what is published, and one
 * script does both in one step. It owns two connections, {@link RedisCommands one for commands} and
 * {@link RedisSubscriptions one for subscriptions}, restores them by itself, and {@linkplain SelfProbe proves} all the time
 * that they work. All of its state lives on one event loop, its {@link #deliveryThread}; calls from elsewhere hop onto it.
 */
public final class RedisBackplane implements Backplane {

    private static final Logger LOG = Logger.getLogger(RedisBackplane.class);
    /** Pods of another version may tell more than this one knows. */
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** What scripts over a source answer instead of a number of publications. */
    private static final int CONFLICT = -1;

    private static final int FENCED = -2;
    /** Others wait meanwhile: a fraction of a millisecond. */
    private static final int SCANNED_AT_ONCE = 1000;

    private static final Position NONE = new Position(0, "");
    /** Room in the client's own queue for the commands that are not counted. */
    private static final int UNCOUNTED = 64;

    private final String podId = UUID.randomUUID().toString();
    private final BackplaneConfig config;
    private final RedisKeys keys;
    private final EventLoop loop;
    private final RedisCommands commands;
    private final RedisPresence presence;
    private final RedisLeases leases;
    private final RedisSubscriptions subscriptions;
    private final RedisQuestions questions;
    private final SelfProbe probe;

    private boolean closed;
    private boolean restoredUntold;
    private volatile BackplaneState state = new BackplaneState.Unavailable("not connected yet");
    private volatile @Nullable BackplaneListener listener;

    /**
     * Begins to connect.
     *
     * @param redis where Redis is and how to speak to it: a single server, or one that Sentinels name
     */
    public RedisBackplane(Vertx vertx, RedisOptions redis, BackplaneConfig config) {
        this.config = config;
        keys = new RedisKeys(config.keyPrefix());
        loop = new EventLoop(vertx);
        Supplier<Redis> clients = clients(vertx, redis, config);
        commands = new RedisCommands(loop, clients, config, this::changed);
        subscriptions = new RedisSubscriptions(loop, clients, config, new Watcher());
        presence = new RedisPresence(loop, commands, keys, config);
        questions = new RedisQuestions(loop, podId, keys, commands, subscriptions, config);
        leases = new RedisLeases(commands, keys);
        String probeKey = keys.probe(podId);
        probe = new SelfProbe(loop, commands, probeKey, config, new ProbeOutcome());
        loop.execute(() -> {
            subscriptions.keep(probeKey, probe::received);
            subscriptions.keep(keys.control(), this::controlled);
            subscriptions.keep(keys.control(podId), this::controlled);
            commands.link().open();
            subscriptions.link().open();
        });
    }

    @Override
    public Uni<Position> publish(ChannelName channel, Draft draft, PublishOptions options) {
        return ask(() -> {
            byte[] envelope = Envelope.encode(draft);
            if (!options.retention().keeps() && options.idempotencyKey().isEmpty()) {
                return commands.send(Command.PUBLISH, keys.publications(channel), LiveMessage.withoutPosition(envelope))
                        .map(NONE);
            }
            var all = new ArrayList<>(keys.stream(channel));
            options.idempotencyKey().ifPresent(key -> all.add(keys.answer(channel, key)));
            return commands.runOnStream(
                            Script.PUBLISH,
                            all,
                            List.of(
                                    options.retention().size(),
                                    options.retention().time().toMillis(),
                                    envelope,
                                    config.idempotencyWindow().toMillis()))
                    .map(RedisBackplane::position);
        });
    }

    @Override
    public Uni<Copied> publishFrom(
            ChannelName channel, List<SourceEvent> events, Retention retention, Checkpoint checkpoint) {
        return ask(() -> {
            var all = new ArrayList<>(keys.stream(channel));
            all.addAll(keys.source(channel));
            all.add(keys.publishedIds(channel));
            var arguments = new ArrayList<Object>(List.of(
                    retention.size(),
                    retention.time().toMillis(),
                    checkpoint.fence(),
                    optional(checkpoint.expected()),
                    optional(checkpoint.next()),
                    config.dedupeWindow().toMillis()));
            for (SourceEvent event : events) {
                arguments.add(event.id());
                arguments.add(Envelope.encode(event.draft()));
            }
            return commands.runOnStream(Script.PUBLISH_FROM, all, arguments)
                    .map(answer -> copied(channel, checkpoint, answer));
        });
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel) {
        return ask(() ->
                commands.send(Command.GET, keys.source(channel).getFirst()).map(RedisBackplane::text));
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel, long fence) {
        return ask(() -> commands.run(Script.CHECKPOINT, keys.source(channel), List.of(fence))
                .map(answer -> {
                    if (answer.get(0).toInteger() == FENCED) {
                        throw new FencedException(channel, fence, answer.get(1).toLong());
                    }
                    return text(answer.get(1));
                }));
    }

    @Override
    public Uni<List<ChannelName>> channels(String tenant, String prefix) {
        return ask(() -> scan("0", keys.streams(tenant, prefix), new HashSet<>())
                .map(found -> found.stream()
                        .map(key -> new ChannelName(tenant, keys.streamName(tenant, key)))
                        .toList()));
    }

    @Override
    public Uni<History> history(ChannelName channel, HistoryQuery query) {
        return ask(() -> commands.runOnStream(
                        Script.HISTORY,
                        keys.stream(channel),
                        List.of(
                                query.limit(),
                                query.reverse() ? 1 : 0,
                                query.since() == null ? "" : query.since().offset(),
                                query.maxBytes()))
                .map(answer -> new History(
                        position(answer),
                        elements(answer.get(2)).map(RedisBackplane::publication).toList())));
    }

    @Override
    public Uni<Void> removeHistory(ChannelName channel) {
        return ask(() -> commands.send(Command.UNLINK, keys.entries(channel)).mapEmpty());
    }

    @Override
    public Uni<Void> subscribe(ChannelName channel) {
        return ask(() -> subscriptions.subscribe(keys.publications(channel), message -> received(channel, message)));
    }

    @Override
    public Uni<Void> unsubscribe(ChannelName channel) {
        return ask(() -> {
            subscriptions.unsubscribe(keys.publications(channel));
            return Future.succeededFuture();
        });
    }

    @Override
    public void listen(BackplaneListener newListener) {
        listener = new GuardedListener(newListener);
    }

    @Override
    public DeliveryThread deliveryThread() {
        return loop;
    }

    @Override
    public Uni<Void> enter(ChannelName channel, Member member, PresenceOptions options) {
        return ask(() -> presence.enter(channel, member, options));
    }

    @Override
    public Uni<Void> leave(ChannelName channel, Member member, PresenceOptions options) {
        return ask(() -> presence.leave(channel, member, options));
    }

    @Override
    public Uni<Void> keep(ChannelName channel, Collection<Member> present, PresenceOptions options) {
        return ask(() -> presence.keep(channel, present, options));
    }

    @Override
    public Uni<List<Member>> presence(ChannelName channel, int limit) {
        return ask(() -> presence.members(channel, limit));
    }

    @Override
    public Uni<PresenceStats> presenceStats(ChannelName channel) {
        return ask(() -> presence.stats(channel));
    }

    @Override
    public String podId() {
        return podId;
    }

    @Override
    public Uni<Void> control(RawJson message) {
        return control(keys.control(), message.utf8());
    }

    @Override
    public Uni<Void> control(String otherPodId, RawJson message) {
        return control(keys.control(otherPodId), message.utf8());
    }

    @Override
    public Uni<RawJson> ask(ChannelName channel, RawJson question) {
        return Uni.createFrom()
                .emitter(asker -> loop.run(() -> {
                    try {
                        questions.ask(channel, question, asker);
                    } catch (RuntimeException refused) {
                        asker.fail(refused);
                    }
                }));
    }

    @Override
    public Uni<Void> serve(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        return ask(() -> questions.serve(channel, server));
    }

    @Override
    public Uni<Void> unserve(ChannelName channel) {
        return ask(() -> {
            questions.unserve(channel);
            return Future.succeededFuture();
        });
    }

    @Override
    public Uni<Void> revoke(Revocation revocation) {
        return ask(() -> commands.run(
                        Script.REVOCATIONS,
                        keys.revocations(),
                        List.of(
                                revocation.tenant() + ":" + revocation.user(),
                                revocation.issuedBefore().toEpochMilli(),
                                revocation.until().toEpochMilli()))
                .mapEmpty());
    }

    @Override
    public Uni<List<Revocation>> revocations() {
        return ask(() -> commands.run(Script.REVOCATIONS, keys.revocations(), List.of())
                .map(answer -> elements(answer).map(RedisBackplane::revocation).toList()));
    }

    @Override
    public Uni<Void> announce(NodeInfo node) {
        return ask(() -> commands.run(
                        Script.NODES,
                        keys.nodes(),
                        List.of(node.id(), config.nodeTtl().toMillis(), json(node)))
                .mapEmpty());
    }

    @Override
    public Uni<List<NodeInfo>> nodes() {
        return ask(() -> commands.run(Script.NODES, keys.nodes(), List.of())
                .map(answer -> elements(answer).map(RedisBackplane::node).toList()));
    }

    @Override
    public Uni<LeaseAnswer> claim(LeaseClaim claim) {
        return ask(() -> leases.claim(claim));
    }

    @Override
    public BackplaneState state() {
        return state;
    }

    @Override
    public Uni<Void> close() {
        return ask(() -> {
            closed = true;
            listener = null;
            probe.end();
            commands.link().close();
            subscriptions.link().close();
            questions.interrupted("closed");
            state = new BackplaneState.Unavailable("closed");
            return Future.succeededFuture();
        });
    }

    private <T extends @Nullable Object> Uni<T> ask(Supplier<Future<T>> question) {
        return Uni.createFrom()
                .emitter(emitter -> loop.run(() -> {
                    try {
                        question.get().onSuccess(emitter::complete).onFailure(emitter::fail);
                    } catch (RuntimeException wrong) {
                        emitter.fail(wrong);
                    }
                }));
    }

    private Uni<Void> control(String key, byte[] message) {
        return ask(() -> commands.send(Command.PUBLISH, key, message).mapEmpty());
    }

    private void controlled(Buffer message) {
        tell(present -> present.onControl(RawJson.of(message.getBytes())));
    }

    private void received(ChannelName channel, Buffer message) {
        BackplaneListener present = listener;
        if (present == null) {
            return;
        }
        LiveMessage live;
        try {
            live = LiveMessage.decode(message);
        } catch (RuntimeException unreadable) {
            // If it was a publication, the next one shows the gap, and the history then says what is wrong.
            LOG.warnf("A message cannot be read channel=%s reason=%s", channel, unreadable.getMessage());
            return;
        }
        switch (live) {
            case LiveMessage.Published(var epoch, var publication) ->
                present.onPublication(channel, epoch, publication);
            case LiveMessage.Presence(var event) -> present.onPresence(channel, event);
        }
    }

    /** Who hears of it reads positions at once, so commands have to work as well. */
    private void tellRestored() {
        if (restoredUntold && commands.unavailable().isEmpty()) {
            restoredUntold = false;
            tell(BackplaneListener::onRestored);
        }
    }

    private void tell(Consumer<BackplaneListener> news) {
        BackplaneListener present = listener;
        if (present != null) {
            news.accept(present);
        }
    }

    /** A connection came or went, or a probe passed: finds out what is true now. */
    private void changed() {
        if (closed) {
            return;
        }
        Optional<String> broken = commands.unavailable()
                .map(reason -> "commands: " + reason)
                .or(() -> subscriptions.unavailable().map(reason -> "subscriptions: " + reason));
        if (broken.isPresent()) {
            probe.end();
        } else {
            probe.begin();
        }
        BackplaneState before = state;
        state = broken.<BackplaneState>map(BackplaneState.Unavailable::new).orElseGet(this::proven);
        if (before.ready() && state instanceof BackplaneState.Unavailable(var reason)) {
            LOG.warnf("The backplane is unavailable reason=%s", reason);
        } else if (!before.ready() && state.ready()) {
            LOG.info("The backplane is ready");
        }
        tellRestored();
    }

    private BackplaneState proven() {
        return probe.passing()
                ? new BackplaneState.Ready()
                : new BackplaneState.Unavailable("waiting for a message of its own to come back");
    }

    private static Supplier<Redis> clients(Vertx vertx, RedisOptions redis, BackplaneConfig config) {
        var options = new RedisOptions(redis)
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setMaxWaitingHandlers(config.maxInFlight() + UNCOUNTED);
        options.getNetClientOptions().setTcpKeepAlive(true).setTcpNoDelay(true);
        return () -> Redis.createClient(vertx, options);
    }

    private static Position position(Response answer) {
        return new Position(answer.get(0).toLong(), answer.get(1).toString());
    }

    private static Copied copied(ChannelName channel, Checkpoint checkpoint, Response answer) {
        int outcome = answer.get(0).toInteger();
        return switch (outcome) {
            case CONFLICT -> throw new CheckpointConflictException(channel, checkpoint, text(answer.get(1)));
            case FENCED ->
                throw new FencedException(
                        channel, checkpoint.fence(), answer.get(1).toLong());
            default ->
                new Copied(
                        outcome,
                        elements(answer).skip(1).map(Response::toString).collect(toSet()));
        };
    }

    /** As {@code publish-from.lua} wants it. */
    private static String optional(Optional<String> value) {
        return value.map(present -> "1" + present).orElse("0");
    }

    private static Optional<String> text(@Nullable Response answer) {
        return Optional.ofNullable(answer).map(Response::toString);
    }

    /** The keys that match a pattern; one may be told more than once. */
    private Future<Set<String>> scan(String cursor, String pattern, Set<String> found) {
        return commands.send(Command.SCAN, cursor, "MATCH", pattern, "COUNT", SCANNED_AT_ONCE)
                .compose(answer -> {
                    answer.get(1).forEach(key -> found.add(key.toString()));
                    String next = answer.get(0).toString();
                    return next.equals("0") ? Future.succeededFuture(found) : scan(next, pattern, found);
                });
    }

    /** From a stream's entry: its id {@code <offset>-0}, and its one field with the envelope. */
    private static Publication publication(Response entry) {
        String id = entry.get(0).toString();
        long offset = Long.parseLong(id, 0, id.indexOf('-'), 10);
        return new Publication(offset, Envelope.decode(entry.get(1).get(1).toBuffer()));
    }

    /** A tenant's id has no colon. */
    private static Revocation revocation(Response entry) {
        String name = entry.get(0).toString();
        int colon = name.indexOf(':');
        return new Revocation(
                name.substring(0, colon),
                name.substring(colon + 1),
                Instant.ofEpochMilli(entry.get(1).toLong()),
                Instant.ofEpochMilli(entry.get(2).toLong()));
    }

    private static Stream<Response> elements(Response list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String json(NodeInfo node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodeInfo node(Response text) {
        try {
            return JSON.readValue(text.toString(), NodeInfo.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Watcher implements RedisSubscriptions.Watcher {

        @Override
        public void changed() {
            RedisBackplane.this.changed();
        }

        @Override
        public void interrupted() {
            restoredUntold = false;
            questions.interrupted("the connection to redis broke");
            tell(BackplaneListener::onInterrupted);
        }

        @Override
        public void restored() {
            restoredUntold = true;
            tellRestored();
        }
    }

    private final class ProbeOutcome implements SelfProbe.Outcome {

        @Override
        public void changed() {
            commands.link().established();
            subscriptions.link().established();
            RedisBackplane.this.changed();
        }

        @Override
        public void overdue() {
            String reason = "a message of its own did not come back within " + config.timeout();
            commands.link().fail(reason);
            subscriptions.link().fail(reason);
        }
    }
}
