package io.lightline.backplane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The word that a user's older tokens are void. Times count to the millisecond; what is finer is cut off.
 *
 * @param tenant of the user
 * @param user the token's subject
 * @param issuedBefore tokens issued before this are void
 * @param until when the last of them has expired by itself, so that this may be forgotten
 */
public record Revocation(String tenant, String user, Instant issuedBefore, Instant until) {

    public Revocation {
        issuedBefore = issuedBefore.truncatedTo(ChronoUnit.MILLIS);
        until = until.truncatedTo(ChronoUnit.MILLIS);
    }
}
