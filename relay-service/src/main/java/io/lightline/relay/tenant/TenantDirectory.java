package io.lightline.relay.tenant;

import io.lightline.backplane.ChannelName;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tenants of this relay. Immutable; refuses to start with configuration that contradicts itself. */
@Singleton
public final class TenantDirectory {

    private final Map<String, TenantConfig> configs;
    private final Map<String, Tenant> tenants;
    private final List<ApiKey> apiKeys;
    private final Origins.Pages pages;

    TenantDirectory(TenantsConfig configured) {
        this.configs = configured.byId();
        this.tenants = configs.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> tenant(entry.getKey(), entry.getValue())));
        this.apiKeys = configs.keySet().stream().flatMap(this::apiKeys).toList();
        this.pages = all().stream().map(Tenant::pages).reduce(Origins.Pages.NONE, Origins.Pages::and);
        checkApiKeys();
        checkAnonymous();
    }

    private record ApiKey(String key, Tenant tenant) {

        boolean is(byte[] asked) {
            return MessageDigest.isEqual(asked, key.getBytes(StandardCharsets.UTF_8));
        }
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

    private Stream<ApiKey> apiKeys(String id) {
        Tenant tenant = tenant(id);
        return config(id).apiKeys().stream().flatMap(List::stream).map(key -> new ApiKey(key, tenant));
    }

    private void checkApiKeys() {
        var owners = new HashMap<String, Tenant>();
        for (ApiKey one : apiKeys) {
            Tenant other = owners.putIfAbsent(one.key(), one.tenant());
            if (other != null && other != one.tenant()) {
                throw new ConfigurationException("lightline.tenants." + other.id() + ".api-keys and lightline.tenants."
                        + one.tenant().id() + ".api-keys have a key in common");
            }
        }
    }

    private void checkAnonymous() {
        var open = all().stream()
                .filter(Tenant::anonymous)
                .map(Tenant::id)
                .sorted()
                .toList();
        if (open.size() > 1) {
            throw new ConfigurationException("lightline.tenants.<id>.anonymous=true in more than one tenant: " + open);
        }
    }

    public Collection<Tenant> all() {
        return tenants.values();
    }

    Tenant tenant(String id) {
        return Optional.ofNullable(tenants.get(id)).orElseThrow(() -> new IllegalArgumentException("No tenant " + id));
    }

    TenantConfig config(String id) {
        return Optional.ofNullable(configs.get(id)).orElseThrow(() -> new IllegalArgumentException("No tenant " + id));
    }

    /** The one that lets clients in without a token. */
    Optional<Tenant> anonymous() {
        return all().stream().filter(Tenant::anonymous).findFirst();
    }

    /** The tenant that an API key belongs to. Compares with every key in constant time. */
    public Optional<Tenant> byApiKey(String key) {
        byte[] asked = key.getBytes(StandardCharsets.UTF_8);
        Optional<Tenant> found = Optional.empty();
        for (ApiKey known : apiKeys) {
            if (known.is(asked)) {
                found = Optional.of(known.tenant());
            }
        }
        return found;
    }

    /** Whether any tenant has pages there. To be asked at the handshake, when nobody knows yet whose client it is. */
    public boolean knowsOrigin(String origin) {
        return pages.include(origin);
    }
}
