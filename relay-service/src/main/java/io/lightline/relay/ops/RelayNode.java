package io.lightline.relay.ops;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.NodeInfo;
import io.lightline.relay.control.Revocations;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.presence.LocalPresence;
import io.lightline.relay.session.ConnectionLimits;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.tenant.TenantDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * This pod: starts what runs by itself, and tells the other pods and the metrics what is here. Gauges:
 * {@code lightline.connections} (alert when near the pod's sizing), {@code lightline.tenant.connections}, {@code lightline.users},
 * {@code lightline.subscriptions}, {@code lightline.channels}, {@code lightline.backplane.ready} (alert when 0).
 */
@Startup
@Singleton
public final class RelayNode {

    private static final Logger LOG = Logger.getLogger(RelayNode.class);

    private final Backplane backplane;
    private final PodListener listener;
    private final Hub hub;
    private final LocalPresence presence;
    private final Revocations revocations;
    private final RelayConfig config;
    private final String version;

    RelayNode(
            Backplane backplane,
            PodListener listener,
            Hub hub,
            LocalPresence presence,
            Revocations revocations,
            SessionLoops loops,
            ConnectionLimits limits,
            TenantDirectory tenants,
            RelayConfig config,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.backplane = backplane;
        this.listener = listener;
        this.hub = hub;
        this.presence = presence;
        this.revocations = revocations;
        this.config = config;
        this.version = version;
        registry.gauge("lightline.connections", loops, SessionLoops::connections);
        registry.gauge("lightline.users", limits, ConnectionLimits::users);
        registry.gauge("lightline.subscriptions", loops, SessionLoops::subscriptions);
        registry.gauge("lightline.channels", hub, Hub::channels);
        for (Tenant tenant : tenants.all()) {
            registry.gauge(
                    "lightline.tenant.connections",
                    Tags.of("tenant", tenant.id()),
                    limits,
                    known -> known.connections(tenant));
        }
        registry.gauge(
                "lightline.backplane.ready", backplane, port -> port.state().ready() ? 1 : 0);
    }

    @PostConstruct
    void start() {
        backplane.listen(listener);
        hub.start();
        presence.start();
        revocations.start();
        announce();
    }

    private void announce() {
        backplane.announce(info()).subscribe().with(_ -> {}, failure -> LOG.debugf("Not announced: %s", failure));
        backplane.deliveryThread().schedule(config.announceInterval(), this::announce);
    }

    private NodeInfo info() {
        return new NodeInfo(
                backplane.podId(),
                config.nodeName(),
                version,
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    }
}
