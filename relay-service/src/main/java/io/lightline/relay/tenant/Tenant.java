package io.lightline.relay.tenant;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** A Salesforce organisation or application: what exists in it, and who it lets in. Immutable. */
public final class Tenant {

    private final String id;
    private final boolean anonymous;
    private final TenantLimits limits;
    private final Origins origins;
    private final List<Namespace> longestPrefixFirst;

    Tenant(String id, boolean anonymous, TenantLimits limits, Origins origins, Collection<Namespace> namespaces) {
        this.id = id;
        this.anonymous = anonymous;
        this.limits = limits;
        this.origins = origins;
        this.longestPrefixFirst = namespaces.stream()
                .sorted(Comparator.comparing(
                                (Namespace namespace) -> namespace.prefix().length())
                        .reversed())
                .toList();
    }

    static Tenant of(String id, TenantConfig config) {
        List<Namespace> namespaces = config.namespaces().entrySet().stream()
                .map(entry -> Namespace.of(id, entry.getKey(), entry.getValue()))
                .toList();
        checkPrefixes(id, namespaces);
        return new Tenant(id, config.anonymous(), limits(id, config.limits()), Origins.of(id, config), namespaces);
    }

    private static void checkPrefixes(String id, List<Namespace> namespaces) {
        namespaces.stream()
                .collect(Collectors.groupingBy(Namespace::prefix, Collectors.counting()))
                .forEach((prefix, count) -> {
                    if (count > 1) {
                        throw new ConfigurationException(
                                "lightline.tenants." + id + ".namespaces: " + count + " have the prefix " + prefix);
                    }
                });
    }

    private static TenantLimits limits(String id, TenantConfig.LimitsConfig config) {
        return new TenantLimits(
                limit(id, "max-connections", config.maxConnections()),
                limit(id, "max-user-connections", config.maxUserConnections()));
    }

    private static OptionalInt limit(String id, String key, Optional<Integer> configured) {
        configured.filter(limit -> limit < 1).ifPresent(limit -> {
            throw new ConfigurationException(
                    "lightline.tenants." + id + ".limits." + key + "=" + limit + ": 1 at least, or nothing at all");
        });
        return configured.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    public String id() {
        return id;
    }

    public boolean anonymous() {
        return anonymous;
    }

    public TenantLimits limits() {
        return limits;
    }

    /** @param origin header of the client's handshake; empty when there is none, as with everything but browsers */
    public boolean allowsOrigin(Optional<String> origin) {
        return origins.allow(origin);
    }

    Origins.Pages pages() {
        return origins.pages();
    }

    Optional<Namespace> namespaceOf(String channel) {
        return longestPrefixFirst.stream()
                .filter(namespace -> channel.startsWith(namespace.prefix()))
                .findFirst();
    }

    List<Namespace> personalNamespaces() {
        return longestPrefixFirst.stream()
                .filter(namespace -> namespace.personal() != Personal.NONE)
                .toList();
    }

    @Override
    public String toString() {
        return id;
    }
}
