package io.lightline.relay.control;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.Revocation;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.tenant.RevokedTokens;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Keeps this pod's {@link RevokedTokens} up to date and ends the connections that were made with them. A pod hears of a revocation at
 * once, but maybe not at all; therefore it also reads all that are in force, at its start, when the backplane is back, and every
 * {@link #INTERVAL}: that is how long one may stay that was cut off, or was connecting at that very moment. The pod is ready
 * meanwhile: without a backplane it could not serve anybody anyway.
 */
@Singleton
public final class Revocations {

    private static final Logger LOG = Logger.getLogger(Revocations.class);
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Backplane backplane;
    private final RevokedTokens revoked;
    private final SessionLoops loops;

    Revocations(Backplane backplane, RevokedTokens revoked, SessionLoops loops) {
        this.backplane = backplane;
        this.revoked = revoked;
        this.loops = loops;
    }

    /** Reads now, and again and again. To be called once. */
    public void start() {
        read().subscribe().with(_ -> startAfter(INTERVAL), failure -> {
            LOG.debugf("Revocations not read yet: %s", failure.getMessage());
            startAfter(RETRY);
        });
    }

    private void startAfter(Duration pause) {
        backplane.deliveryThread().schedule(pause, this::start);
    }

    /** Some may have been missed. Delivery thread. */
    public void restored() {
        read().subscribe()
                .with(_ -> {}, failure -> LOG.debugf("Revocations not read again yet: %s", failure.getMessage()));
    }

    private Uni<List<Revocation>> read() {
        return backplane.revocations().invoke(this::apply);
    }

    /** From now on. Any thread. */
    void apply(Collection<Revocation> inForce) {
        revoked.addAll(inForce);
        if (!inForce.isEmpty()) {
            loops.sessions().filter(this::isRevoked).forEach(session -> session.end(CloseCode.TOKEN_REVOKED));
        }
    }

    private boolean isRevoked(Session session) {
        return session.user().filter(revoked::revoked).isPresent();
    }
}
