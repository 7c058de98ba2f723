package io.lightline.relay.ops;

import io.lightline.relay.admission.Admission;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Sends connections away that are too many here, for example after new pods have come, which get new connections only. They
 * are closed with 3011, in random order and paced as a drain is; their clients come back wherever the load balancer has room.
 */
@Singleton
final class Shedding {

    private static final Logger LOG = Logger.getLogger(Shedding.class);

    private final Admission admission;
    private final SessionLoops loops;
    private final PacedClosing closing;
    private final Duration window;
    private final AtomicBoolean busy = new AtomicBoolean();

    Shedding(Admission admission, SessionLoops loops, PacedClosing closing, DrainConfig config) {
        this.admission = admission;
        this.loops = loops;
        this.closing = closing;
        this.window = config.window();
    }

    /** What becomes of a wish to shed. */
    sealed interface Outcome {

        /**
         * From now on.
         *
         * @param connections how many there are
         * @param target how many of them are to stay
         * @param closing how many are being closed
         */
        record Started(int connections, int target, int closing) implements Outcome {}

        /** Not now: the pod is closing connections already. */
        record Busy() implements Outcome {}
    }

    /** Closes as many as are too many, in the background. Any thread; does not block. */
    Outcome shed(ShedGoal goal) {
        if (admission.draining() || !busy.compareAndSet(false, true)) {
            return new Outcome.Busy();
        }
        List<Session> open = new ArrayList<>(loops.sessions().toList());
        Collections.shuffle(open);
        int target = goal.keep(open.size());
        List<Session> surplus = open.subList(target, open.size());
        LOG.infof("Shedding connections=%d target=%d closing=%d", open.size(), target, surplus.size());
        Thread.ofVirtual().name("shedding").start(() -> close(surplus, target));
        return new Outcome.Started(open.size(), target, surplus.size());
    }

    /** Fewer, when others leave by themselves meanwhile. */
    private void close(List<Session> surplus, int target) {
        try {
            closing.some(
                    surplus,
                    window,
                    session -> session.end(CloseCode.FORCE_RECONNECT),
                    () -> admission.draining() || loops.connections() <= target);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            busy.set(false);
        }
    }
}
