package io.lightline.relay.ops;

import io.lightline.backplane.Backplane;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.hub.Renderer;
import io.lightline.relay.presence.LocalPresence;
import io.lightline.relay.session.ConnectionLimits;
import io.lightline.relay.session.SessionConfig;
import io.lightline.relay.session.SessionMetrics;
import io.lightline.relay.session.SessionServices;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.RevokedTokens;
import io.lightline.relay.tenant.TokenVerifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Random;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts together what is not a bean by itself. */
final class Wiring {

    @Produces
    @Singleton
    Renderer renderer() {
        return new PushRenderer();
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    PacedClosing closing(DrainConfig config) {
        return new PacedClosing(config.maxPause(), Ticker.system(), new Random());
    }

    @Produces
    @Singleton
    SessionServices services(
            TokenVerifier tokens,
            RevokedTokens revoked,
            ChannelAuthorizer channels,
            Hub hub,
            LocalPresence presence,
            Backplane backplane,
            ConnectionLimits limits,
            SessionConfig config,
            SessionMetrics metrics,
            InstantSource clock,
            RelayConfig relay,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        return new SessionServices(
                tokens,
                revoked,
                channels,
                hub,
                presence,
                backplane,
                limits,
                config,
                metrics,
                clock,
                relay.nodeName(),
                version);
    }
}
