package io.lightline.relay.tenant;

import io.lightline.backplane.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whom a connection speaks for.
 *
 * @param tenant decides what the connection can see at all
 * @param id of the user inside the tenant; empty for an anonymous one
 * @param info what others may see of the user; null when the token says nothing
 * @param expiresAt when the token ends; null for never
 */
public record User(
        Tenant tenant,
        String id,
        @Nullable RawJson info,
        @Nullable Instant expiresAt) {

    static User anonymousIn(Tenant tenant) {
        return new User(tenant, "", null, null);
    }
}
