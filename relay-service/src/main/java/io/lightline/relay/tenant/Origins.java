package io.lightline.relay.tenant;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * From where clients of a tenant may connect. Browsers do not apply CORS to WebSockets, so this is all that keeps a foreign page
 * from using a visitor's right to be here.
 *
 * @param withoutOrigin whether clients that have none, because they are no browsers, may connect
 */
record Origins(Allowed allowed, boolean withoutOrigin) {

    private static final Logger LOG = Logger.getLogger(Origins.class);
    private static final String ANY = "*";

    /** Pages that may connect. */
    sealed interface Allowed {

        record Any() implements Allowed {}

        record These(Set<Origin> origins) implements Allowed {}
    }

    static Origins of(String tenant, TenantConfig config) {
        String key = "lightline.tenants." + tenant + ".allowed-origins";
        List<String> configured = config.allowedOrigins().orElse(List.of());
        if (!configured.contains(ANY)) {
            return new Origins(new Allowed.These(parsed(key, configured)), config.allowNoOrigin());
        }
        if (!config.anonymous() || configured.size() > 1) {
            throw new ConfigurationException(key + "=* stands alone, and only in a tenant with anonymous=true");
        }
        LOG.warnf("Every page of the world may connect, as anybody can: for demos only tenant=%s", tenant);
        return new Origins(new Allowed.Any(), config.allowNoOrigin());
    }

    private static Set<Origin> parsed(String key, List<String> configured) {
        return configured.stream()
                .map(text -> Origin.parse(text)
                        .orElseThrow(() -> new ConfigurationException(
                                key + ": '" + text + "' is not scheme://host or scheme://host:port")))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean allow(Optional<String> origin) {
        return origin.map(this::allow).orElse(withoutOrigin);
    }

    private boolean allow(String origin) {
        return switch (allowed) {
            case Allowed.Any _ -> true;
            case Allowed.These(var origins) ->
                Origin.parse(origin).filter(origins::contains).isPresent();
        };
    }
}
