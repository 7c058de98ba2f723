package io.lightline.relay.tenant;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A Salesforce organisation or application: what exists in it, and who it lets in without a token. */
public final class Tenant {

    private final String id;
    private final boolean anonymous;
    private final List<Namespace> longestPrefixFirst;

    Tenant(String id, boolean anonymous, List<Namespace> namespaces) {
        this.id = id;
        this.anonymous = anonymous;
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
        return new Tenant(id, config.anonymous(), namespaces);
    }

    public String id() {
        return id;
    }

    public boolean anonymous() {
        return anonymous;
    }

    Optional<Namespace> namespaceOf(String channel) {
        return longestPrefixFirst.stream()
                .filter(namespace -> channel.startsWith(namespace.prefix()))
                .findFirst();
    }
}
