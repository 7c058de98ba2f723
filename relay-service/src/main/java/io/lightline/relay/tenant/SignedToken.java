package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import java.util.Optional;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A JWT as it came in. Its claims are not to be believed before {@link #isSignedWith} has been true, except that they tell whose
 * keys to try.
 *
 * @param keyId the {@code kid}; null when it has none, as Salesforce's
 */
record SignedToken(
        JsonWebSignature signature,
        String algorithm,
        @Nullable String keyId,
        Claims claims) {

    static SignedToken parse(String token) {
        var signature = new JsonWebSignature();
        try {
            signature.setCompactSerialization(token);
        } catch (JoseException e) {
            // The cause may tell what the token says.
            throw new TokenRefusedException(Reason.MALFORMED, "not a JWT");
        }
        return new SignedToken(
                signature,
                Optional.ofNullable(signature.getAlgorithmHeaderValue()).orElse(""),
                signature.getKeyIdHeaderValue(),
                Claims.parse(signature.getUnverifiedPayload()));
    }

    boolean isSignedWith(VerificationKey key) {
        if (!key.mayHaveSigned(this)) {
            return false;
        }
        signature.setKey(key.key());
        try {
            return signature.verifySignature();
        } catch (JoseException e) {
            return false;
        }
    }
}
