package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;

/**
 * Somebody who signs tokens of one tenant.
 *
 * @param name the {@code iss} of these tokens; empty when they have none
 * @param audience one that they must be for
 * @param keys that stand in the configuration
 * @param sources of those that change
 */
record Issuer(
        Tenant tenant,
        Optional<String> name,
        Optional<String> audience,
        List<VerificationKey> keys,
        List<KeySource> sources) {

    /** Clocks differ, and a token is often used in the second in which it was made. An expired one has its grace elsewhere. */
    static final Duration NOT_BEFORE_LEEWAY = Duration.ofSeconds(5);

    private static final List<String> ALGORITHMS = List.of(
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.HMAC_SHA256);

    /**
     * The claims of a token that this issuer has signed and that is good at this time; fails with {@link TokenRefusedException}. At
     * once, unless it is signed with no key that is known: then it waits for the keys to be read again.
     */
    Uni<Claims> check(SignedToken token, Instant now) {
        if (!ALGORITHMS.contains(token.algorithm())) {
            throw new TokenRefusedException(Reason.ALGORITHM, "an algorithm that is not allowed");
        }
        List<VerificationKey> known = known();
        if (signed(token, known)) {
            return Uni.createFrom().item(valid(token.claims(), now));
        }
        CompletableFuture<?>[] readings = sources.stream()
                .map(source -> source.refresh().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return Uni.createFrom()
                .completionStage(CompletableFuture.allOf(readings))
                .map(_ -> {
                    List<VerificationKey> read = known();
                    if (read.equals(known) || !signed(token, read)) {
                        throw refusal(token, read);
                    }
                    return valid(token.claims(), now);
                });
    }

    List<VerificationKey> known() {
        return Stream.concat(keys.stream(), sources.stream().flatMap(source -> source.keys().stream()))
                .toList();
    }

    private static boolean signed(SignedToken token, List<VerificationKey> keys) {
        return keys.stream().anyMatch(token::isSignedWith);
    }

    private TokenRefusedException refusal(SignedToken token, List<VerificationKey> read) {
        if (sources.stream().anyMatch(KeySource::failing)) {
            return new TokenRefusedException(Reason.UNAVAILABLE, "no known key signed it, and not all can be read");
        }
        return read.stream().noneMatch(key -> key.goesWith(token.algorithm()))
                ? new TokenRefusedException(Reason.ALGORITHM, "an algorithm that goes with no key of the issuer")
                : new TokenRefusedException(Reason.BAD_SIGNATURE, "no key of the issuer signed it");
    }

    private Claims valid(Claims claims, Instant now) {
        Instant expiry = claims.expiry();
        if (expiry == null) {
            throw new TokenRefusedException(Reason.MALFORMED, "a token without exp");
        }
        if (!now.isBefore(expiry)) {
            throw new TokenRefusedException(Reason.EXPIRED, "expired");
        }
        Instant start = claims.notBefore();
        if (start != null && now.plus(NOT_BEFORE_LEEWAY).isBefore(start)) {
            throw new TokenRefusedException(Reason.NOT_YET_VALID, "not valid yet");
        }
        audience.filter(required -> !claims.audience().contains(required)).ifPresent(required -> {
            throw new TokenRefusedException(Reason.WRONG_AUDIENCE, "not for " + required);
        });
        return claims;
    }
}
