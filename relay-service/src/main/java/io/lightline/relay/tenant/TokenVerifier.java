package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns tokens into rights. A token's issuer chooses the tenant and the keys, the keys choose the algorithms. Callable from any
 * thread; never blocks. What it returns does its work when it is subscribed to: at once and on the subscriber's thread, unless
 * keys have to be read first, and then on any other one. It fails with {@link TokenRefusedException}.
 *
 * <p>The signature is checked with jose4j, the engine of SmallRye JWT, whose own parser takes one key, and does not tell which of its
 * checks has failed.
 */
@Singleton
public final class TokenVerifier {

    private final Issuers issuers;
    private final TenantDirectory tenants;
    private final RevokedTokens revoked;
    private final TokenMetrics metrics;
    private final InstantSource clock;

    TokenVerifier(
            Issuers issuers,
            TenantDirectory tenants,
            RevokedTokens revoked,
            TokenMetrics metrics,
            InstantSource clock) {
        this.issuers = issuers;
        this.tenants = tenants;
        this.revoked = revoked;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * A connection token, of {@code connect} or {@code refresh}.
     *
     * @param token as the client sent it; empty for an anonymous client
     * @param origin header of the client's handshake; empty when there is none
     */
    public Uni<User> verify(String token, Optional<String> origin) {
        return counted(() -> (token.isEmpty() ? anonymous() : user(SignedToken.parse(token)))
                .invoke(user -> checkAdmitted(user, origin)));
    }

    private Uni<User> anonymous() {
        return Uni.createFrom()
                .item(tenants.anonymous()
                        .map(User::anonymousIn)
                        .orElseThrow(() -> new TokenRefusedException(
                                Reason.MISSING, "no token, and no tenant lets anonymous clients in")));
    }

    private Uni<User> user(SignedToken token) {
        Issuer issuer = issuers.of(token);
        return issuer.check(token, clock.instant()).map(claims -> user(issuer.tenant(), claims));
    }

    private static User user(Tenant tenant, Claims claims) {
        if (claims.channel().isPresent()) {
            throw new TokenRefusedException(
                    Reason.MALFORMED, "a subscription token where one for a connection is needed");
        }
        return new User(
                tenant,
                claims.subject(),
                claims.info(),
                claims.opensUntil(),
                claims.issuedAt(),
                claims.subscriptions(),
                claims.capabilities());
    }

    private void checkAdmitted(User user, Optional<String> origin) {
        if (!user.tenant().allowsOrigin(origin)) {
            throw new TokenRefusedException(Reason.FOREIGN_ORIGIN, "an origin that is not of tenant " + user.tenant());
        }
        if (revoked.revoked(user)) {
            throw new TokenRefusedException(Reason.REVOKED, "revoked");
        }
    }

    /** A subscription token, of {@code subscribe} or {@code sub_refresh}: for this user and this channel. */
    public Uni<SubscriptionToken> verifySubscription(User user, String channel, String token) {
        return counted(() -> {
            SignedToken signed = SignedToken.parse(token);
            Issuer issuer = issuers.of(signed);
            if (issuer.tenant() != user.tenant()) {
                throw new TokenRefusedException(Reason.UNKNOWN_ISSUER, "an issuer of another tenant");
            }
            return issuer.check(signed, clock.instant()).map(claims -> subscription(user, channel, claims));
        });
    }

    private SubscriptionToken subscription(User user, String channel, Claims claims) {
        if (!claims.subject().equals(user.id()) || !claims.channel().equals(Optional.of(channel))) {
            throw new TokenRefusedException(
                    Reason.WRONG_SUBSCRIPTION, "a subscription token of another user or for another channel");
        }
        if (revoked.revoked(user.tenant(), user.id(), claims.issuedAt())) {
            throw new TokenRefusedException(Reason.REVOKED, "revoked");
        }
        return new SubscriptionToken(channel, claims.info(), claims.opensUntil(), claims.filter());
    }

    private <T> Uni<T> counted(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .<T>deferred(work)
                .invoke(metrics::accepted)
                .onFailure(TokenRefusedException.class)
                .invoke(refusal -> metrics.refused(refusal.reason()));
    }
}
