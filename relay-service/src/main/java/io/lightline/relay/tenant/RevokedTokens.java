package io.lightline.relay.tenant;

import io.lightline.backplane.Revocation;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The revocations that are in force, as far as this pod has heard of them. A token without {@code iat} counts as issued long ago.
 * Callable from any thread; never blocks.
 */
@Singleton
public final class RevokedTokens {

    private final InstantSource clock;
    private final Map<Whose, Revocation> revocations = new ConcurrentHashMap<>();

    RevokedTokens(InstantSource clock) {
        this.clock = clock;
    }

    private record Whose(String tenant, String user) {

        static Whose of(Revocation revocation) {
            return new Whose(revocation.tenant(), revocation.user());
        }
    }

    /** What the backplane remembers. Nothing is taken back: what was heard since it was read must not get lost. */
    public void addAll(Collection<Revocation> inForce) {
        inForce.forEach(this::add);
    }

    /** The last ones of a user and of this one count together. Those that are over are forgotten. */
    public void add(Revocation revocation) {
        Instant now = clock.instant();
        revocations.values().removeIf(known -> !now.isBefore(known.until()));
        revocations.merge(Whose.of(revocation), revocation, RevokedTokens::both);
    }

    private static Revocation both(Revocation one, Revocation other) {
        return new Revocation(
                one.tenant(),
                one.user(),
                later(one.issuedBefore(), other.issuedBefore()),
                later(one.until(), other.until()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    public boolean revoked(User user) {
        return revoked(user.tenant(), user.id(), user.issuedAt());
    }

    boolean revoked(Tenant tenant, String user, @Nullable Instant issuedAt) {
        Revocation found = revocations.get(new Whose(tenant.id(), user));
        return found != null
                && clock.instant().isBefore(found.until())
                && (issuedAt == null || !issuedAt.isAfter(found.issuedBefore()));
    }
}
