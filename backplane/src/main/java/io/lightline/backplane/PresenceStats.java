package io.lightline.backplane;

/**
 * How many are on a channel.
 *
 * @param clients that are listed
 * @param users distinct among them; all anonymous clients count as one
 */
public record PresenceStats(int clients, int users) {}
