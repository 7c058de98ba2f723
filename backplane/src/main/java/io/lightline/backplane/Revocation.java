package io.lightline.backplane;

import java.time.Instant;

/**
 * A user's tokens that are no longer good.
 *
 * @param issuedBefore tokens issued at this time or before are refused
 * @param until when the last of them has expired by itself, so that nobody needs to remember this
 */
public record Revocation(String tenant, String user, Instant issuedBefore, Instant until) {}
