package io.lightline.relay.session;

import io.lightline.relay.tenant.User;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is: {@link Fresh} → (connect) {@link Connecting} → (its server-side subscriptions are there)
 * {@link Connected}; a refused connect leads back to {@link Fresh}, a close from each to {@link Closed}.
 */
sealed interface Stage {

    /** Nobody has said who this is. */
    record Fresh() implements Stage {}

    /** The answer to connect is being made; other commands wait. */
    record Connecting(Optional<User> user) implements Stage {}

    /** @param expiresAt when the connection ends unless it is refreshed; null for never */
    record Connected(User user, @Nullable Instant expiresAt) implements Stage {}

    /** The connection is gone, or about to go. */
    record Closed() implements Stage {}
}
