package io.lightline.relay.tenant;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.regex.Pattern;

/** Public keys and certificates as text (RFC 7468). */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]+-----END \\1-----");

    private Pem() {}

    /**
     * All keys of a text, several of which may follow one another. When a certificate expires is not asked: who trusts it has put it
     * here, and takes it away.
     *
     * @throws IllegalArgumentException when there is none, or one that cannot be used
     */
    static List<VerificationKey> keys(String text) {
        List<VerificationKey> keys = BLOCK.matcher(text)
                .results()
                .map(block -> VerificationKey.of(key(block.group(1), block.group()), null))
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no certificate or public key in PEM");
        }
        return keys;
    }

    private static PublicKey key(String label, String block) {
        try {
            return label.equals("CERTIFICATE") ? KeyUtils.decodeCertificate(block) : publicKey(block);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("a broken certificate or public key in PEM", e);
        }
    }

    private static PublicKey publicKey(String block) throws GeneralSecurityException {
        try {
            return KeyUtils.decodePublicKey(block, SignatureAlgorithm.RS256);
        } catch (GeneralSecurityException notRsa) {
            return KeyUtils.decodePublicKey(block, SignatureAlgorithm.ES256);
        }
    }
}
