package io.lightline.relay.tenant;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * A key that checks signatures, and the algorithms that go with it. They follow from the kind of key and never from a token, so a
 * public key cannot be taken for a shared secret (RFC 8725 §3.1).
 *
 * @param id the {@code kid} under which its owner publishes it; null when it has none, as with certificates
 */
record VerificationKey(
        Key key, Set<String> algorithms, @Nullable String id) {

    /** Bits; RFC 7518 §3.3. */
    private static final int LEAST_RSA_BITS = 2048;

    /** RFC 7518 §3.2: a secret as long as the hash. */
    private static final int LEAST_SECRET_BYTES = 32;

    private static final int P256_BITS = 256;

    /** @throws IllegalArgumentException when it is of another kind, or too short */
    static VerificationKey of(Key key, @Nullable String id) {
        return new VerificationKey(key, algorithms(key), id);
    }

    private static Set<String> algorithms(Key key) {
        return switch (key) {
            case SecretKey secret
            when secret.getEncoded().length >= LEAST_SECRET_BYTES -> Set.of(AlgorithmIdentifiers.HMAC_SHA256);
            case SecretKey secret ->
                throw new IllegalArgumentException("a shared secret of " + secret.getEncoded().length
                        + " bytes; HS256 needs " + LEAST_SECRET_BYTES + " at least");
            case RSAPublicKey rsa
            when rsa.getModulus().bitLength() >= LEAST_RSA_BITS ->
                Set.of(AlgorithmIdentifiers.RSA_USING_SHA256, AlgorithmIdentifiers.RSA_USING_SHA512);
            case RSAPublicKey rsa ->
                throw new IllegalArgumentException("an RSA key of "
                        + rsa.getModulus().bitLength() + " bits; " + LEAST_RSA_BITS + " are the least");
            case ECPublicKey ec
            when ec.getParams().getOrder().bitLength() == P256_BITS ->
                Set.of(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            default -> throw new IllegalArgumentException("neither an RSA key nor an EC key on P-256");
        };
    }

    /** A token that names a key means that one, unless this one has no name. */
    boolean mayHaveSigned(SignedToken token) {
        return goesWith(token.algorithm()) && (id == null || token.keyId() == null || id.equals(token.keyId()));
    }

    boolean goesWith(String algorithm) {
        return algorithms.contains(algorithm);
    }
}
