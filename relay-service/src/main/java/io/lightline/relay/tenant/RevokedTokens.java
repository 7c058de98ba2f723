package io.lightline.relay.tenant;

import io.lightline.backplane.Revocation;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
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

    /**
     * Several, for example all that the backplane remembers. Nothing is taken back, or one that was heard of while they were read would
     * be lost; they end by themselves.
     */
    public void addAll(Collection<Revocation> inForce) {
        Instant now = clock.instant();
        revocations.values().removeIf(known -> !now.isBefore(known.until()));
        inForce.forEach(one -> revocations.merge(Whose.of(one), one, RevokedTokens::both));
    }

    public void add(Revocation revocation) {
        addAll(List.of(revocation));
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
