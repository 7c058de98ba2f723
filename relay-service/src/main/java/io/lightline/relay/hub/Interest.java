package io.lightline.relay.hub;

import io.lightline.backplane.Position;
import io.lightline.relay.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of a channel.
 *
 * @param following the same for all subscribers of a channel
 * @param filter which publications; null for all
 * @param joinLeave whether it wants to hear who comes and goes
 * @param since where it was, when it wants to recover; null when it starts anew
 */
public record Interest(
        Following following,
        @Nullable Filter filter,
        boolean joinLeave,
        @Nullable Position since) {}
