package io.lightline.backplane;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Redis subscriptions over one owned connection, which carries nothing else: the client would take an unasked message for
 * the answer to a pending command. What changes in one turn of the event loop goes out in few commands; a subscription
 * counts once Redis has confirmed it. After a loss everything that was confirmed is subscribed to again. Lives on the event
 * loop.
 *
 * <p>{@link State.Down} → {@link State.Restoring} (a connection is there, confirmations are missing) → {@link State.Up}; a loss leads from each
 * to {@link State.Down}.
 */
final class RedisSubscriptions implements RedisLink.User {

    private static final int KEYS_PER_COMMAND = 512;

    /** Who wants to know whether messages come. */
    interface Watcher {

        /** {@link #unavailable} has changed. */
        void changed();

        /** Messages may be missed from now on. */
        void interrupted();

        /** All that was confirmed before the interruption is confirmed again. */
        void restored();
    }

    private final EventLoop loop;
    private final Watcher watcher;
    private final RedisLink link;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Set<String> unsettled = new LinkedHashSet<>();
    private boolean interrupted;
    private State state = new State.Down("not connected yet");

    RedisSubscriptions(EventLoop loop, Supplier<Redis> clients, BackplaneConfig config, Watcher watcher) {
        this.loop = loop;
        this.watcher = watcher;
        this.link = new RedisLink(loop, clients, config, this);
    }

    RedisLink link() {
        return link;
    }

    /** Why messages may be missed now; empty when none is. */
    Optional<String> unavailable() {
        return state.unavailable();
    }

    /** Subscribes before there is a connection, to be confirmed with the first one. */
    void keep(String key, Consumer<Buffer> handler) {
        subscriptions.put(key, Subscription.kept(handler));
    }

    /** Completes when Redis has confirmed; fails at once when there is no connection, and at the latest when it is lost. */
    Future<Void> subscribe(String key, Consumer<Buffer> handler) {
        if (state instanceof State.Down(var reason)) {
            return Future.failedFuture(new BackplaneUnavailableException("Redis is not available: " + reason));
        }
        Subscription subscription = subscriptions.computeIfAbsent(key, _ -> new Subscription(handler));
        subscription.wanted = true;
        if (subscription.phase == Phase.ON) {
            return Future.succeededFuture();
        }
        Promise<Void> confirmed = loop.promise();
        subscription.waiting.add(confirmed);
        settleLater(key);
        return confirmed.future();
    }

    /** Nothing is handed to the handler any more. */
    void unsubscribe(String key) {
        Subscription subscription = subscriptions.get(key);
        if (subscription != null) {
            subscription.wanted = false;
            settleLater(key);
        }
    }

    @Override
    public void opened(RedisConnection connection) {
        // Left while there was no connection, and not settled yet: nobody will ask Redis for it.
        subscriptions.values().removeIf(subscription -> !subscription.needed());
        state = new State.Restoring(connection, new HashSet<>(subscriptions.keySet()));
        unsettled.addAll(subscriptions.keySet());
        settle();
        checkRestored();
        watcher.changed();
    }

    @Override
    public void received(@Nullable Response message) {
        if (message == null) {
            return;
        }
        if (message.type() == ResponseType.ERROR) {
            link.fail("redis refused a subscription: " + message);
            return;
        }
        String key = message.get(1).toString();
        switch (message.get(0).toString()) {
            case "message" -> deliver(key, message.get(2).toBuffer());
            case "subscribe" -> confirmed(key, Phase.ON);
            case "unsubscribe" -> confirmed(key, Phase.OFF);
            default -> link.fail("redis sent something unknown on the subscriptions' connection");
        }
    }

    @Override
    public void lost(String reason) {
        boolean wasUp = state instanceof State.Up;
        state = new State.Down(reason);
        var unconfirmed = new ArrayList<Promise<Void>>();
        subscriptions.values().forEach(subscription -> unconfirmed.addAll(subscription.lost()));
        subscriptions.values().removeIf(subscription -> !subscription.needed());
        unsettled.clear();
        watcher.changed();
        if (wasUp) {
            interrupted = true;
            watcher.interrupted();
        }
        var failure = new BackplaneUnavailableException("Redis is not available: " + reason);
        unconfirmed.forEach(promise -> promise.fail(failure));
    }

    private void deliver(String key, Buffer message) {
        Subscription subscription = subscriptions.get(key);
        if (subscription != null && subscription.wanted) {
            subscription.handler.accept(message);
        }
    }

    private void confirmed(String key, Phase phase) {
        link.answered();
        Subscription subscription = subscriptions.get(key);
        if (subscription == null) {
            return;
        }
        List<Promise<Void>> waiting = subscription.confirmed(phase);
        settleLater(key);
        if (phase == Phase.ON && state instanceof State.Restoring restoring) {
            restoring.missing().remove(key);
            checkRestored();
        }
        waiting.forEach(Promise::complete);
    }

    private void checkRestored() {
        if (state instanceof State.Restoring(var connection, var missing) && missing.isEmpty()) {
            state = new State.Up(connection);
            watcher.changed();
            if (interrupted) {
                interrupted = false;
                watcher.restored();
            }
        }
    }

    private void settleLater(String key) {
        if (unsettled.isEmpty()) {
            loop.execute(this::settle);
        }
        unsettled.add(key);
    }

    /** Asks Redis for what is wanted and not there, and the other way round: one question per key at a time. */
    private void settle() {
        var subscribe = new ArrayList<String>();
        var unsubscribe = new ArrayList<String>();
        for (String key : unsettled) {
            Subscription subscription = subscriptions.get(key);
            if (subscription == null) {
                continue;
            }
            if (subscription.phase == Phase.OFF && subscription.needed()) {
                subscription.phase = Phase.STARTING;
                subscribe.add(key);
            } else if (subscription.phase == Phase.OFF) {
                subscriptions.remove(key);
            } else if (subscription.phase == Phase.ON && !subscription.needed()) {
                subscription.phase = Phase.STOPPING;
                unsubscribe.add(key);
            }
        }
        unsettled.clear();
        ask(Command.UNSUBSCRIBE, unsubscribe);
        ask(Command.SUBSCRIBE, subscribe);
    }

    private void ask(Command command, List<String> keys) {
        RedisConnection connection = state.connection();
        if (connection == null) {
            return;
        }
        for (int from = 0; from < keys.size(); from += KEYS_PER_COMMAND) {
            Request request = Request.cmd(command);
            keys.subList(from, Math.min(from + KEYS_PER_COMMAND, keys.size())).forEach(key -> {
                request.arg(key);
                link.expectAnswer();
            });
            connection.send(request).onFailure(failure -> link.fail("redis: " + RedisLink.reason(failure)));
        }
    }

    private sealed interface State {

        Optional<String> unavailable();

        @Nullable
        RedisConnection connection();

        record Down(String reason) implements State {

            @Override
            public Optional<String> unavailable() {
                return Optional.of(reason);
            }

            @Override
            public @Nullable RedisConnection connection() {
                return null;
            }
        }

        /** @param missing keys that were subscribed to before and are not confirmed yet */
        record Restoring(RedisConnection connection, Set<String> missing) implements State {

            @Override
            public Optional<String> unavailable() {
                return Optional.of(missing.size() + " subscriptions are not confirmed yet");
            }
        }

        record Up(RedisConnection connection) implements State {

            @Override
            public Optional<String> unavailable() {
                return Optional.empty();
            }
        }
    }

    /** What Redis knows of a key: {@code OFF → STARTING → ON → STOPPING → OFF}. */
    private enum Phase {
        OFF,
        STARTING,
        ON,
        STOPPING
    }

    /** Our interest in one key. */
    private static final class Subscription {

        final Consumer<Buffer> handler;
        final List<Promise<Void>> waiting = new ArrayList<>(1);
        Phase phase = Phase.OFF;
        boolean wanted = true;
        /** Confirmed once, and therefore to be restored. */
        private boolean kept;

        Subscription(Consumer<Buffer> handler) {
            this.handler = handler;
        }

        static Subscription kept(Consumer<Buffer> handler) {
            var subscription = new Subscription(handler);
            subscription.kept = true;
            return subscription;
        }

        /** Also when it is not wanted any more, while somebody still waits for its confirmation. */
        boolean needed() {
            return wanted || !waiting.isEmpty();
        }

        /** Returns those who waited for it. */
        List<Promise<Void>> confirmed(Phase present) {
            phase = present;
            if (present != Phase.ON) {
                return List.of();
            }
            kept = true;
            return takeWaiting();
        }

        /** Returns those who waited in vain. */
        List<Promise<Void>> lost() {
            phase = Phase.OFF;
            wanted &= kept;
            return takeWaiting();
        }

        private List<Promise<Void>> takeWaiting() {
            var taken = List.copyOf(waiting);
            waiting.clear();
            return taken;
        }
    }
}
