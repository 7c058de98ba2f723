package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Who signs tokens for which tenant. Made at the start, so that a wrong key stops it; a key set that cannot be fetched then does not,
 * because its owner may be back before anybody connects. Keeps the keys new on a thread of its own.
 */
@Startup
@Singleton
final class Issuers implements AutoCloseable {

    private final Map<Optional<String>, Issuer> byName = new HashMap<>();
    private final List<KeySource> sources;
    private final ScheduledExecutorService ticker;
    private @Nullable HttpClient http;

    Issuers(TenantDirectory tenants, InstantSource clock, TokenMetrics metrics) {
        var factory = new IssuerFactory(clock, metrics, this::http);
        tenants.all()
                .forEach(tenant -> tenants.config(tenant.id()).issuers().forEach((name, config) -> {
                    String key = "lightline.tenants." + tenant.id() + ".issuers." + name;
                    add(key, factory.issuer(tenant, key, config));
                }));
        checkSecrets();
        sources = byName.values().stream()
                .flatMap(issuer -> issuer.sources().stream())
                .toList();
        ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lightline-keys").factory());
        if (!sources.isEmpty()) {
            var _ = ticker.scheduleWithFixedDelay(this::tick, 0, KeySource.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder().connectTimeout(Jwks.TIMEOUT).build();
        }
        return http;
    }

    private void add(String key, Issuer issuer) {
        if (byName.putIfAbsent(issuer.name(), issuer) != null) {
            throw new ConfigurationException(issuer.name()
                    .map(name ->
                            key + ".issuer=" + name + " is another issuer's too, so their tokens cannot be told apart")
                    .orElse(key + " and another one have no issuer, so their tokens cannot be told apart"));
        }
    }

    /** Who knows another tenant's secret can make its tokens. */
    private void checkSecrets() {
        var owners = new HashMap<SecretKey, Tenant>();
        for (Issuer issuer : byName.values()) {
            for (VerificationKey known : issuer.known()) {
                if (known.key() instanceof SecretKey secret
                        && owners.putIfAbsent(secret, issuer.tenant()) instanceof Tenant other
                        && other != issuer.tenant()) {
                    throw new ConfigurationException("lightline.tenants." + other.id() + " and lightline.tenants."
                            + issuer.tenant().id() + " have a shared secret in common");
                }
            }
        }
    }

    void tick() {
        sources.forEach(KeySource::tick);
    }

    /** Whose keys to try on a token; fails with {@link TokenRefusedException}. */
    Issuer of(SignedToken token) {
        Issuer issuer = byName.get(token.claims().issuer());
        if (issuer == null) {
            throw new TokenRefusedException(Reason.UNKNOWN_ISSUER, "an issuer that no tenant has");
        }
        return issuer;
    }

    @Override
    @PreDestroy
    public void close() {
        ticker.shutdownNow();
        if (http != null) {
            http.shutdownNow();
        }
    }
}
