package io.lightline.relay.session;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Request;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A session's commands that have come and wait for their turn. They are carried out in order, as long as not too much is in
 * flight and not too many come; while one waits, the socket is not read. On the connection's event loop only; never blocks.
 */
final class Backlog {

    private final Session session;
    private final SessionServices services;
    private final InFlight inFlight;
    private final RateLimit rate;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean reading = true;

    Backlog(Session session, SessionServices services, InFlight inFlight, Instant now) {
        this.session = session;
        this.services = services;
        this.inFlight = inFlight;
        SessionConfig config = services.config();
        this.rate = new RateLimit(config.commandRate(), config.commandBurst(), now);
    }

    /** To be carried out by the next {@link #proceed}. */
    void add(List<Request> requests) {
        waiting.addAll(requests);
    }

    /** Carries out what may be carried out now; reads on when nothing is left. */
    void proceed() {
        while (mayProceed() && !waiting.isEmpty()) {
            Request next = waiting.remove();
            services.metrics().command(next.command().method());
            switch (rate.take(session.now())) {
                case TAKE -> session.handle(next.id(), next.command());
                case REFUSE -> session.answers().refuse(next.id(), ErrorCode.TOO_MANY_REQUESTS);
                case FLOOD -> session.close(CloseCode.TOO_MANY_REQUESTS);
            }
        }
        read(session.isClosed() || (waiting.isEmpty() && mayProceed()));
    }

    /** Not while the last answers wait for the client: it is not to be buried by what it asked for. */
    private boolean mayProceed() {
        return switch (session.stage()) {
            case Stage.Fresh _, Stage.Connected _ ->
                inFlight.hasRoom()
                        && session.outbox().writable()
                        && (waiting.isEmpty()
                                || inFlight.hasRoomFor(waiting.element().command()));
            case Stage.Connecting _, Stage.Closed _ -> false;
        };
    }

    /** Whether the socket is read. */
    boolean reading() {
        return reading;
    }

    private void read(boolean on) {
        if (on != reading) {
            reading = on;
            session.outbox().reading(on);
        }
    }

    /** Nothing more is carried out. The client's own goodbye has to be read. */
    void drop() {
        waiting.clear();
        read(true);
    }
}
