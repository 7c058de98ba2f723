package io.lightline.relay.session;

import io.lightline.relay.protocol.Command;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A session's commands that wait for something: at most {@link SessionConfig#maxInFlight()} at once, and few of those whose
 * answers may be large. On the connection's event loop only; never blocks.
 */
final class InFlight {

    private static final int MAX_HEAVY = 2;

    private final Session session;
    private final SessionServices services;
    private final Executor eventLoop;
    private int all;
    private int heavy;

    InFlight(Session session, SessionServices services, Executor eventLoop) {
        this.session = session;
        this.services = services;
        this.eventLoop = eventLoop;
    }

    boolean hasRoom() {
        return all < services.config().maxInFlight();
    }

    boolean hasRoomFor(Command next) {
        return hasRoom() && (heavy < MAX_HEAVY || !heavy(next));
    }

    /** Its answer may be large. */
    static boolean heavy(Command command) {
        return switch (command) {
            case Command.History _, Command.Presence _ -> true;
            case Command.Subscribe subscribe -> subscribe.since() != null;
            case Command.Connect _,
                    Command.Unsubscribe _,
                    Command.Publish _,
                    Command.PresenceStats _,
                    Command.Refresh _,
                    Command.SubRefresh _,
                    Command.Ping _,
                    Command.Pong _,
                    Command.Unsupported _,
                    Command.Unknown _,
                    Command.Malformed _ -> false;
        };
    }

    /** One more waits. Whoever says so says {@link #ended} once, with the same weight. */
    void began(boolean isHeavy) {
        all++;
        heavy += isHeavy ? 1 : 0;
    }

    void ended(boolean isHeavy) {
        all--;
        heavy -= isHeavy ? 1 : 0;
    }

    /** Goes on when something has been done, maybe elsewhere, unless the connection is closed by then. */
    <T> void await(Uni<T> work, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        await(work, false, onItem, onFailure);
    }

    /** As the other, for an answer that may be large. */
    <T> void awaitHeavy(Uni<T> work, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        await(work, true, onItem, onFailure);
    }

    private <T> void await(Uni<T> work, boolean isHeavy, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        began(isHeavy);
        var call = new Call(isHeavy);
        work.subscribe()
                .with(
                        item -> call.settled(() -> onItem.accept(item)),
                        failure -> call.settled(() -> onFailure.accept(failure)));
        call.returned = true;
    }

    /** What is done at once, as a token is verified, goes on at once. */
    private final class Call {

        private final Thread caller = Thread.currentThread();
        private final long started = System.nanoTime();
        private final boolean isHeavy;
        private boolean returned;

        Call(boolean isHeavy) {
            this.isHeavy = isHeavy;
        }

        void settled(Runnable next) {
            if (Thread.currentThread() == caller && !returned) {
                carryOn(next);
            } else {
                eventLoop.execute(() -> {
                    carryOn(next);
                    session.goOn();
                });
            }
        }

        private void carryOn(Runnable next) {
            ended(isHeavy);
            services.metrics().waited(Duration.ofNanos(System.nanoTime() - started));
            if (!session.isClosed()) {
                next.run();
            }
        }
    }
}
