package io.lightline.relay.session;

import io.lightline.backplane.Backplane;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.presence.LocalPresence;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.RevokedTokens;
import io.lightline.relay.tenant.TokenVerifier;
import java.time.InstantSource;

/**
 * What every session needs and all share.
 *
 * @param node name of this pod, told to clients
 * @param version of Lightline, told to clients
 */
public record SessionServices(
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
        String node,
        String version) {}
