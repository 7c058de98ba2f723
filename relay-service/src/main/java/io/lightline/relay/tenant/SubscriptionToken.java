package io.lightline.relay.tenant;

import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a verified subscription token says: the right of one user to subscribe to one channel.
 *
 * @param info what others on the channel may see of the user, as {@code chan_info}; null for nothing
 * @param expiresAt when the subscription needs a new token; null for never
 * @param filter publications that do not pass it are never sent; null for all of them
 */
public record SubscriptionToken(
        String channel,
        @Nullable RawJson info,
        @Nullable Instant expiresAt,
        @Nullable Filter filter) {}
