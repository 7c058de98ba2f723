package io.lightline.relay.tenant;

import io.lightline.relay.filter.Filter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rights on some channels that a connection token adds to those of the namespaces: one entry of the claim {@code caps}.
 *
 * @param filter the only publications that they cover; null for all of them
 */
public record Capability(
        List<ChannelPattern> channels,
        Set<Permission> allow,
        @Nullable Filter filter) {

    boolean allows(Permission permission, String channel) {
        return allow.contains(permission) && channels.stream().anyMatch(pattern -> pattern.matches(channel));
    }
}
