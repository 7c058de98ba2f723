package io.lightline.relay.hub;

import io.lightline.backplane.Position;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's wish to join a channel.
 *
 * @param verified the feed has been compared with the stream since the wish came up, so that what does not fit its position
 *     really cannot be recovered
 */
record Join(Membership membership, boolean verified) {

    /** Where it was; null when it starts anew. */
    @Nullable
    Position since() {
        return membership.interest().since();
    }

    Join afterVerification() {
        return new Join(membership, true);
    }
}
