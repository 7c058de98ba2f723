package io.lightline.salesforce;

/**
 * How many events an org may still be sent within 24 hours, all subscribers of Platform Events and change events together: ours,
 * empApi pages and whoever else there is.
 *
 * @param allowed what the org has for 24 hours
 * @param remaining what is left of it
 */
public record DeliveryAllowance(long allowed, long remaining) {}
