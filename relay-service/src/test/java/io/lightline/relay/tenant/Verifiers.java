package io.lightline.relay.tenant;

import io.lightline.relay.TestConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Map;

/** Token verifiers from configuration, without a container. */
public final class Verifiers {

    private Verifiers() {}

    /** With keys that do not change, so that nothing has to be closed. */
    public static TokenVerifier of(Map<String, String> config) {
        InstantSource clock = InstantSource.system();
        return of(config, clock, new RevokedTokens(clock), new SimpleMeterRegistry());
    }

    /** As {@link #of(Map)}, by another clock. */
    public static TokenVerifier of(
            Map<String, String> config, InstantSource clock, RevokedTokens revoked, MeterRegistry registry) {
        return of(tenants(config), clock, revoked, registry);
    }

    static TokenVerifier of(
            TenantDirectory tenants, InstantSource clock, RevokedTokens revoked, MeterRegistry registry) {
        var metrics = new TokenMetrics(registry);
        return new TokenVerifier(new Issuers(tenants, clock, metrics), tenants, revoked, metrics, clock);
    }

    /** To be closed, as their keys may change. */
    static Issuers issuers(TenantDirectory tenants) {
        return new Issuers(tenants, InstantSource.system(), new TokenMetrics(new SimpleMeterRegistry()));
    }

    static TokenVerifier of(TenantDirectory tenants, Issuers issuers) {
        InstantSource clock = InstantSource.system();
        var metrics = new TokenMetrics(new SimpleMeterRegistry());
        return new TokenVerifier(issuers, tenants, new RevokedTokens(clock), metrics, clock);
    }

    public static TenantDirectory tenants(Map<String, String> config) {
        return new TenantDirectory(TestConfig.of(TenantsConfig.class, config));
    }

    /** Revocations by another clock. */
    public static RevokedTokens revoked(InstantSource clock) {
        return new RevokedTokens(clock);
    }
}
