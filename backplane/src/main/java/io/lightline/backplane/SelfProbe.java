package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Proves again and again that what this pod publishes comes back to it: over the commands' connection out, over the
 * subscriptions' connection in. That finds what no single connection shows: a peer that is stopped, half-open, or cut off
 * from the other. Lives on the event loop.
 *
 * <p>{@link Idle} → ({@link #begin}) {@link Underway} → (it came back) {@link Resting} → (the interval is over)
 * {@link Underway} …; {@link #end} leads from each to {@link Idle}.
 */
final class SelfProbe {

    private final EventLoop loop;
    private final RedisCommands commands;
    private final String key;
    private final BackplaneConfig config;
    private final Outcome outcome;
    private State state = new Idle();
    private long count;

    /** What a probe tells. */
    interface Outcome {

        /** {@link #passing} has changed. */
        void changed();

        /** A message did not come back in time. */
        void overdue();
    }

    /** @param key that the subscriptions hand to {@link #received} */
    SelfProbe(EventLoop loop, RedisCommands commands, String key, BackplaneConfig config, Outcome outcome) {
        this.loop = loop;
        this.commands = commands;
        this.key = key;
        this.config = config;
        this.outcome = outcome;
    }

    /** Whether a message came back since {@link #begin}. */
    boolean passing() {
        return state.passing();
    }

    /** Both connections are there. Harmless when it has begun already. */
    void begin() {
        if (state instanceof Idle) {
            become(new Underway(false));
        }
    }

    /** A connection is lost. */
    void end() {
        become(new Idle());
    }

    void received(Buffer message) {
        state.received(message);
    }

    private void become(State next) {
        state.leave();
        state = next;
        next.enter();
    }

    private abstract sealed class State {

        void enter() {}

        void leave() {}

        boolean passing() {
            return false;
        }

        void received(Buffer message) {}
    }

    private final class Idle extends State {}

    private final class Underway extends State {

        private final byte[] sent = Long.toString(++count).getBytes(StandardCharsets.US_ASCII);
        private final boolean passedBefore;
        private final DeliveryThread.Timer limit = loop.schedule(config.timeout(), outcome::overdue);

        Underway(boolean passedBefore) {
            this.passedBefore = passedBefore;
        }

        @Override
        void enter() {
            // Failures need no handling here: either the connection is lost, or the message is overdue. Only a write
            // finds
            // a server that has become a replica; this one changes nothing.
            commands.sendUncounted(Command.DEL, key);
            commands.sendUncounted(Command.PUBLISH, key, sent);
        }

        @Override
        void leave() {
            limit.cancel();
        }

        @Override
        boolean passing() {
            return passedBefore;
        }

        @Override
        void received(Buffer message) {
            if (Arrays.equals(message.getBytes(), sent)) {
                become(new Resting());
                outcome.changed();
            }
        }
    }

    private final class Resting extends State {

        private final DeliveryThread.Timer pause =
                loop.schedule(config.probeInterval(), () -> become(new Underway(true)));

        @Override
        void leave() {
            pause.cancel();
        }

        @Override
        boolean passing() {
            return true;
        }
    }
}
