package io.lightline.relay.tenant;

import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * One server-side subscription that a connection token asks for: claims {@code channels} and {@code subs.<channel>}.
 *
 * @param info what others on the channel may see of the user, as {@code chan_info}; null for nothing
 * @param data for the client, with the subscription; null for nothing
 * @param filter publications that do not pass it are never sent; null for all of them
 */
public record Subscribing(
        @Nullable RawJson info,
        @Nullable RawJson data,
        @Nullable Filter filter) {

    /** Just the channel, as the claim {@code channels} lists it. */
    public static final Subscribing PLAIN = new Subscribing(null, null, null);
}
