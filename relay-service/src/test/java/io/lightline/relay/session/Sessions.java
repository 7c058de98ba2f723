package io.lightline.relay.session;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.relay.TestConfig;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.presence.LocalPresence;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.TokenVerifier;
import io.lightline.relay.tenant.Verifiers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Map;

/** What sessions need, without a container. */
public final class Sessions {

    private Sessions() {}

    public static SessionServices services(
            Backplane backplane, Hub hub, TokenVerifier tokens, Map<String, String> config) {
        return new SessionServices(
                tokens,
                Verifiers.revoked(InstantSource.system()),
                new ChannelAuthorizer(),
                hub,
                new LocalPresence(backplane, TestConfig.of(BackplaneConfig.class, config)),
                backplane,
                new ConnectionLimits(),
                TestConfig.of(SessionConfig.class, config),
                new SessionMetrics(new SimpleMeterRegistry()),
                InstantSource.system(),
                "node-1",
                "1.2.3");
    }
}
