package io.lightline.relay.session;

import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.tenant.User;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections each tenant and each user has on this pod. Callable from any thread. */
@Singleton
public final class ConnectionLimits {

    private final Map<String, Integer> byTenant = new ConcurrentHashMap<>();
    private final Map<Owner, Integer> byUser = new ConcurrentHashMap<>();

    private record Owner(String tenant, String user) {}

    /** Counts one more connection of a user, unless that is one too many. Whoever got true calls {@link #leave} once. */
    boolean enter(User user) {
        Tenant tenant = user.tenant();
        if (!increment(byTenant, tenant.id(), tenant.limits().connections())) {
            return false;
        }
        if (user.id().isEmpty()
                || increment(byUser, owner(user), tenant.limits().userConnections())) {
            return true;
        }
        decrement(byTenant, tenant.id());
        return false;
    }

    void leave(User user) {
        decrement(byTenant, user.tenant().id());
        if (!user.id().isEmpty()) {
            decrement(byUser, owner(user));
        }
    }

    /** Of a tenant, on this pod. */
    public int connections(Tenant tenant) {
        return byTenant.getOrDefault(tenant.id(), 0);
    }

    /** Distinct users with a connection on this pod; anonymous ones are none. */
    public int users() {
        return byUser.size();
    }

    private static Owner owner(User user) {
        return new Owner(user.tenant().id(), user.id());
    }

    private static <K> boolean increment(Map<K, Integer> counts, K key, OptionalInt limit) {
        int most = limit.orElse(Integer.MAX_VALUE);
        var entered = new boolean[1];
        counts.compute(key, (_, present) -> {
            int count = present == null ? 0 : present;
            entered[0] = count < most;
            return entered[0] ? Integer.valueOf(count + 1) : present;
        });
        return entered[0];
    }

    private static <K> void decrement(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }
}
