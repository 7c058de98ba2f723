package io.lightline.relay.session;

import io.lightline.relay.hub.FanoutLoop;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The event loops that carry connections: each with its way from the hub, its sessions, and a clock that ticks for them. */
@Singleton
public final class SessionLoops {

    private static final Logger LOG = Logger.getLogger(SessionLoops.class);

    /** Each session's clock ticks once a second, a part of them at each beat: the loop has sockets to look after. */
    private static final int BEATS = 20;

    private static final long BEAT_MILLIS = 1000 / BEATS;

    private final Map<ScheduledExecutorService, SessionLoop> loops = new ConcurrentHashMap<>();

    /**
     * One event loop.
     *
     * @param eventLoop one thread, which owns the connections
     * @param sessions changed on the loop only; concurrent so that it can be counted from elsewhere
     */
    public record SessionLoop(ScheduledExecutorService eventLoop, FanoutLoop fanout, Set<Session> sessions) {}

    /** The one record of an event loop; made when its first connection comes. */
    public SessionLoop of(ScheduledExecutorService eventLoop) {
        return loops.computeIfAbsent(eventLoop, SessionLoops::start);
    }

    private static SessionLoop start(ScheduledExecutorService eventLoop) {
        var loop = new SessionLoop(eventLoop, new FanoutLoop(eventLoop), ConcurrentHashMap.newKeySet());
        var rounds = new Rounds<>(loop.sessions, BEATS, SessionLoops::tick);
        // Not at a fixed rate: a loop that is behind would be given the more to do.
        var _ = eventLoop.scheduleWithFixedDelay(rounds::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        return loop;
    }

    /** The executor would never call again after an exception. */
    private static void tick(Session session) {
        try {
            session.tick();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.errorf(e, "A session's clock failed sessionId=%s", session.id());
        }
    }

    /** Every open session, as seen from any thread: for counts, not for calls. */
    public Stream<Session> sessions() {
        return loops.values().stream().map(SessionLoop::sessions).flatMap(Collection::stream);
    }

    /** Of all open sessions. */
    public int subscriptions() {
        return sessions().mapToInt(Session::subscriptions).sum();
    }

    /** Open connections. */
    public int connections() {
        return loops.values().stream().mapToInt(loop -> loop.sessions().size()).sum();
    }
}
