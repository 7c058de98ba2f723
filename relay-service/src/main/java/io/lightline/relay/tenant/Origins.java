package io.lightline.relay.tenant;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * From where clients of a tenant may connect. Browsers do not apply CORS to WebSockets, so this is all that keeps a foreign page
 * from using a visitor's right to be here.
 *
 * @param withoutOrigin whether clients that have none, because they are no browsers, may connect
 */
record Origins(Pages pages, boolean withoutOrigin) {

    private static final Logger LOG = Logger.getLogger(Origins.class);
    private static final String ANY = "*";

    /** Where they come from. */
    sealed interface Pages {

        Pages NONE = new Of(Set.of());

        boolean include(String origin);

        /** Both. */
        Pages and(Pages others);

        record Any() implements Pages {
            @Override
            public boolean include(String origin) {
                return true;
            }

            @Override
            public Pages and(Pages others) {
                return this;
            }
        }

        record Of(Set<Origin> origins) implements Pages {
            @Override
            public boolean include(String origin) {
                return Origin.parse(origin).filter(origins::contains).isPresent();
            }

            @Override
            public Pages and(Pages others) {
                return switch (others) {
                    case Any any -> any;
                    case Of(var more) ->
                        new Of(Stream.concat(origins.stream(), more.stream()).collect(Collectors.toUnmodifiableSet()));
                };
            }
        }
    }

    static Origins of(String tenant, TenantConfig config) {
        String key = "lightline.tenants." + tenant + ".allowed-origins";
        List<String> configured = config.allowedOrigins().orElse(List.of());
        if (!configured.contains(ANY)) {
            return new Origins(new Pages.Of(parsed(key, configured)), config.allowNoOrigin());
        }
        if (!config.anonymous() || configured.size() > 1) {
            throw new ConfigurationException(key + "=* stands alone, and only in a tenant with anonymous=true");
        }
        LOG.warnf("Every page of the world may connect, as anybody can: for demos only tenant=%s", tenant);
        return new Origins(new Pages.Any(), config.allowNoOrigin());
    }

    private static Set<Origin> parsed(String key, List<String> configured) {
        return configured.stream()
                .map(text -> Origin.parse(text)
                        .orElseThrow(() -> new ConfigurationException(
                                key + ": '" + text + "' is not scheme://host or scheme://host:port")))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean allow(Optional<String> origin) {
        return origin.map(pages::include).orElse(withoutOrigin);
    }
}
