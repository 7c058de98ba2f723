package io.lightline.backplane;

import io.vertx.core.AsyncResult;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis that is kept: opened, watched, and opened again after a loss. The Redis client does neither
 * reconnect nor notice a peer that went silent. Each attempt has a client of its own, because closing the client is the
 * only way to be rid of a connection that hangs: a pooled one would go back into its pool. Lives on the event loop.
 *
 * <p>{@link Connecting} → {@link Open} → {@link Waiting} → {@link Connecting} …; {@link #close} leads from each to
 * {@link Closed}, which is final.
 */
final class RedisLink {

    /** Who uses the connection. */
    interface User {

        /** A connection is there; {@link RedisLink#established} says that it has proved useful. */
        void opened(RedisConnection connection);

        /** What came without having been asked for. */
        void received(@Nullable Response message);

        /**
         * The connection is gone, or could not be opened. Another attempt follows.
         *
         * @param reason without secrets
         */
        void lost(String reason);
    }

    private final EventLoop loop;
    private final Supplier<Redis> clients;
    private final BackplaneConfig config;
    private final Backoff backoff;
    private final User user;
    private State state = new Waiting(() -> {});

    RedisLink(EventLoop loop, Supplier<Redis> clients, BackplaneConfig config, User user) {
        this.loop = loop;
        this.clients = clients;
        this.config = config;
        this.user = user;
        this.backoff = new Backoff(config.reconnectDelay(), config.maxReconnectDelay(), RandomGenerator.getDefault());
    }

    void open() {
        try {
            become(new Connecting(clients.get()));
        } catch (RuntimeException unusable) {
            retry("connecting to redis: " + reason(unusable));
        }
    }

    /** The connection did what it is for: the next loss is a first one. */
    void established() {
        backoff.reset();
    }

    /** One more answer is due within the timeout, after those that were expected before; else the connection is lost. */
    void expectAnswer() {
        state.expectAnswer();
    }

    /** The oldest answer that was expected has come. */
    void answered() {
        state.answered();
    }

    /** Gives the connection up. */
    void fail(String reason) {
        if (state.canFail()) {
            retry(reason);
        }
    }

    void close() {
        become(new Closed());
        user.lost("closed");
    }

    static String reason(Throwable failure) {
        // Others may quote an address with its password.
        return failure instanceof IOException || failure instanceof ErrorType
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName();
    }

    private void retry(String reason) {
        become(new Waiting(loop.schedule(backoff.next(), this::open)));
        user.lost(reason);
    }

    private void become(State next) {
        state.leave();
        state = next;
        next.enter();
    }

    private abstract sealed class State {

        void enter() {}

        void leave() {}

        /** Whether there was something to give up. */
        boolean canFail() {
            return false;
        }

        void expectAnswer() {}

        void answered() {}
    }

    private final class Connecting extends State {

        private final Redis client;
        private boolean opened;

        private DeliveryThread.@Nullable Timer limit;

        Connecting(Redis client) {
            this.client = client;
        }

        @Override
        void enter() {
            limit = loop.schedule(
                    config.timeout(), () -> fail("connecting to redis: not ready within " + config.timeout()));
            client.connect().onComplete(this::connected);
        }

        private void connected(AsyncResult<RedisConnection> attempt) {
            if (state != this) {
                return;
            }
            if (attempt.succeeded()) {
                opened = true;
                become(new Open(client, attempt.result()));
            } else {
                fail("connecting to redis: " + reason(attempt.cause()));
            }
        }

        @Override
        boolean canFail() {
            return true;
        }

        @Override
        void leave() {
            if (limit != null) {
                limit.cancel();
            }
            if (!opened) {
                client.close();
            }
        }
    }

    private final class Open extends State {

        private final Redis client;
        private final RedisConnection connection;
        private final Deque<Long> due = new ArrayDeque<>();

        private DeliveryThread.@Nullable Timer overdue;

        Open(Redis client, RedisConnection connection) {
            this.client = client;
            this.connection = connection;
        }

        @Override
        void enter() {
            connection
                    .handler(user::received)
                    .exceptionHandler(failure -> lost(reason(failure)))
                    .endHandler(_ -> lost("closed by the other side"));
            user.opened(connection);
        }

        private void lost(String reason) {
            if (state == this) {
                fail("connection to redis: " + reason);
            }
        }

        @Override
        boolean canFail() {
            return true;
        }

        @Override
        void expectAnswer() {
            due.add(System.nanoTime() + config.timeout().toNanos());
            watch();
        }

        @Override
        void answered() {
            due.poll();
        }

        /** One timer for all: answers come in the order of the questions, so the oldest is the first overdue. */
        private void watch() {
            Long oldest = due.peek();
            if (overdue == null && oldest != null) {
                overdue = loop.schedule(Duration.ofNanos(oldest - System.nanoTime()), () -> {
                    overdue = null;
                    Long stillDue = due.peek();
                    if (stillDue != null && stillDue - System.nanoTime() <= 0) {
                        lost("no answer within " + config.timeout());
                    } else {
                        watch();
                    }
                });
            }
        }

        @Override
        void leave() {
            if (overdue != null) {
                overdue.cancel();
            }
            client.close();
        }
    }

    private final class Waiting extends State {

        private final DeliveryThread.Timer pause;

        Waiting(DeliveryThread.Timer pause) {
            this.pause = pause;
        }

        @Override
        void leave() {
            pause.cancel();
        }
    }

    private final class Closed extends State {}
}
