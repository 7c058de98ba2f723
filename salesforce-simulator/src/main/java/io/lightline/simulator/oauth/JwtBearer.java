package io.lightline.simulator.oauth;

import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.User;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.RsaKeyUtil;
import org.jose4j.keys.X509Util;
import org.jose4j.lang.JoseException;

/**
 * The JWT bearer flow: an assertion signed by the app's key (RS256) with {@code iss} = consumer key, {@code sub} = username,
 * {@code aud} = a login host or the org's own URL, and {@code exp} close ahead.
 *
 * @see <a href="https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm">OAuth 2.0 JWT Bearer Flow</a>
 */
@ApplicationScoped
class JwtBearer {

    private static final int ALLOWED_SKEW_SECONDS = 30;
    private static final String[] LOGIN_HOSTS = {"https://login.salesforce.com", "https://test.salesforce.com"};

    private final Orgs orgs;

    JwtBearer(Orgs orgs) {
        this.orgs = orgs;
    }

    /** Who logs in to which org. */
    record Grant(Org org, User user) {}

    /** @throws OAuthException when the assertion is not good for a token */
    Grant verify(String assertion, String ownUrl) {
        var org = orgs.ofClient(unverified(assertion))
                .orElseThrow(() -> new OAuthException(OAuthError.INVALID_CLIENT_ID));
        var key = org.jwtCertificate()
                .map(JwtBearer::key)
                .orElseThrow(() -> new OAuthException(OAuthError.INVALID_ASSERTION));
        var audiences = Stream.concat(
                Stream.of(LOGIN_HOSTS), Stream.of(org.instanceUrl().orElse(ownUrl), ownUrl));
        try {
            var claims = new JwtConsumerBuilder()
                    .setVerificationKey(key)
                    .setJwsAlgorithmConstraints(
                            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256))
                    .setExpectedAudience(audiences.toArray(String[]::new))
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setAllowedClockSkewInSeconds(ALLOWED_SKEW_SECONDS)
                    .build()
                    .processToClaims(assertion);
            return org.user(claims.getSubject())
                    .map(user -> new Grant(org, user))
                    .orElseThrow(() -> new OAuthException(OAuthError.USER_NOT_APPROVED));
        } catch (InvalidJwtException e) {
            throw new OAuthException(
                    e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)
                            ? OAuthError.INVALID_AUDIENCE
                            : OAuthError.INVALID_ASSERTION);
        } catch (MalformedClaimException e) {
            throw new OAuthException(OAuthError.INVALID_ASSERTION);
        }
    }

    /** The issuer as the assertion claims it, which decides only by whose key it will be checked. */
    private static String unverified(String assertion) {
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setSkipAllValidators()
                    .setDisableRequireSignature()
                    .setSkipSignatureVerification()
                    .build()
                    .processToClaims(assertion);
            var issuer = claims.getIssuer();
            if (issuer == null) {
                throw new OAuthException(OAuthError.INVALID_ASSERTION);
            }
            return issuer;
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new OAuthException(OAuthError.INVALID_ASSERTION);
        }
    }

    private static PublicKey key(Path pem) {
        try {
            var text = Files.readString(pem);
            return text.contains("BEGIN CERTIFICATE")
                    ? new X509Util()
                            .fromBase64Der(text.replaceAll("-----[A-Z ]+-----", ""))
                            .getPublicKey()
                    : new RsaKeyUtil().fromPemEncoded(text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the certificate " + pem, e);
        } catch (JoseException | InvalidKeySpecException e) {
            throw new IllegalStateException("No certificate and no RSA public key in " + pem, e);
        }
    }
}
