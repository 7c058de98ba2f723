package io.lightline.relay.session;

import io.lightline.relay.protocol.CloseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When a session has to have connected, is pinged, has to have answered, expires, and is too old; and so do its subscriptions. On
 * the connection's event loop only.
 */
final class SessionClock {

    private final Session session;
    private final SessionServices services;
    private final Subscriptions subscriptions;
    private final Backlog backlog;
    private final Instant opened;
    private final @Nullable Instant end;
    private Instant pingDue;
    private @Nullable Instant pinged;

    SessionClock(Session session, SessionServices services, Subscriptions subscriptions, Backlog backlog, Instant now) {
        this.session = session;
        this.services = services;
        this.subscriptions = subscriptions;
        this.backlog = backlog;
        SessionConfig config = services.config();
        opened = now;
        pingDue = now.plus(config.pingInterval());
        end = config.maxAge().isZero() ? null : now.plus(jittered(config.maxAge()));
    }

    /** So that those who came together do not go together. */
    private static Duration jittered(Duration age) {
        return Duration.ofMillis(
                (long) (age.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    /** Does what is due now. */
    void tick() {
        Instant now = session.now();
        switch (session.stage()) {
            case Stage.Fresh _ -> closeWhen(late(now), CloseCode.STALE);
            // Whose token is good waits for us, and may come back.
            case Stage.Connecting(var user) ->
                closeWhen(late(now), user.isPresent() ? CloseCode.SERVER_ERROR : CloseCode.STALE);
            case Stage.Connected(var _, var expiresAt) -> tick(now, expiresAt);
            case Stage.Closed _ -> {}
        }
    }

    private void tick(Instant now, @Nullable Instant expiresAt) {
        SessionConfig config = services.config();
        closeWhen(backlog.reading() && pongOverdue(now), CloseCode.NO_PONG);
        closeWhen(expiresAt != null && now.isAfter(expiresAt.plus(config.expiryGrace())), CloseCode.EXPIRED);
        closeWhen(session.outbox().stalledFor(config.stallTimeout()), CloseCode.SLOW);
        closeWhen(end != null && now.isAfter(end), CloseCode.FORCE_RECONNECT);
        subscriptions.endExpired(now.minus(config.expiryGrace()));
        ping(now);
    }

    private boolean late(Instant now) {
        return now.isAfter(opened.plus(services.config().connectTimeout()));
    }

    private boolean pongOverdue(Instant now) {
        return pinged != null && now.isAfter(pinged.plus(services.config().pongTimeout()));
    }

    private void closeWhen(boolean condition, CloseCode code) {
        if (condition && !session.isClosed()) {
            session.close(code);
        }
    }

    private void ping(Instant now) {
        if (!session.isClosed() && !now.isBefore(pingDue)) {
            session.ping();
            pingDue = now.plus(services.config().pingInterval());
            pinged = now;
        }
    }

    /** The client has said something, which answers a ping when there was one. */
    void answered() {
        if (pinged != null) {
            services.metrics().answered(Duration.between(pinged, session.now()));
            pinged = null;
        }
    }
}
