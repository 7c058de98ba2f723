package io.lightline.relay.tenant;

import io.lightline.backplane.ChannelName;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tenants of this relay. Immutable; refuses to start with configuration that contradicts itself. */
@Singleton
public final class TenantDirectory {

    private final Map<String, TenantConfig> configs;
    private final Map<String, Tenant> tenants;

    TenantDirectory(TenantsConfig configured) {
        this.configs = configured.byId();
        this.tenants = configs.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> tenant(entry.getKey(), entry.getValue())));
    }

    private static Tenant tenant(String id, TenantConfig config) {
        try {
            // Whatever the channel is called: the tenant's part of the name must be legal.
            var _ = new ChannelName(id, "any");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("lightline.tenants." + id + ": " + e.getMessage());
        }
        return Tenant.of(id, config);
    }

    public Collection<Tenant> all() {
        return tenants.values();
    }

    Tenant tenant(String id) {
        return Optional.ofNullable(tenants.get(id)).orElseThrow(() -> new IllegalArgumentException("No tenant " + id));
    }

    Collection<Map.Entry<String, TenantConfig>> configs() {
        return configs.entrySet();
    }

    /** The tenant that an API key belongs to. Compares with every key in constant time. */
    public Optional<Tenant> byApiKey(String key) {
        byte[] asked = key.getBytes(StandardCharsets.UTF_8);
        Optional<Tenant> found = Optional.empty();
        for (Map.Entry<String, TenantConfig> entry : configs.entrySet()) {
            for (String known : entry.getValue().apiKeys().orElse(List.of())) {
                if (MessageDigest.isEqual(asked, known.getBytes(StandardCharsets.UTF_8))) {
                    found = Optional.of(tenant(entry.getKey()));
                }
            }
        }
        return found;
    }
}
