package io.lightline.relay.tenant;

import io.lightline.backplane.RawJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom a connection speaks for.
 *
 * @param tenant decides what the connection can see at all
 * @param id of the user inside the tenant; empty for an anonymous one
 * @param info what others may see of the user; null when the token says nothing
 * @param expiresAt when the connection needs a new token; null for never
 * @param issuedAt when the token was made; null when it does not say
 * @param subscriptions by channel: what the token subscribes the connection to from the start
 * @param capabilities rights that the token adds to those of the namespaces
 */
public record User(
        Tenant tenant,
        String id,
        @Nullable RawJson info,
        @Nullable Instant expiresAt,
        @Nullable Instant issuedAt,
        Map<String, Subscribing> subscriptions,
        List<Capability> capabilities) {

    static User anonymousIn(Tenant tenant) {
        return new User(tenant, "", null, null, null, Map.of(), List.of());
    }

    /** Whether a token gave it a name. */
    public boolean authenticated() {
        return !id.isEmpty();
    }
}
