package io.lightline.relay.tenant;

import java.util.OptionalInt;

/**
 * What a tenant may use of one pod; empty for no limit.
 *
 * @param connections of the tenant
 * @param userConnections of one user of the tenant
 */
public record TenantLimits(OptionalInt connections, OptionalInt userConnections) {}
