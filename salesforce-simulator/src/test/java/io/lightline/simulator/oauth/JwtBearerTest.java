package io.lightline.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.SimulatorConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.RsaKeyUtil;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtBearerTest {

    private static final String OWN_URL = "http://127.0.0.1:7080";

    @TempDir
    static Path folder;

    private static RsaJsonWebKey key;
    private static JwtBearer jwtBearer;

    @BeforeAll
    static void anOrgKnowsTheAppsKey() throws JoseException, IOException {
        key = RsaJwkGenerator.generateJwk(2048);
        var pem = Files.writeString(folder.resolve("app.pem"), RsaKeyUtil.pemEncode(key.getRsaPublicKey()));
        jwtBearer = new JwtBearer(new Orgs(config(pem)));
    }

    @Test
    void aGoodAssertionLogsItsSubjectIn() throws JoseException {
        // when
        var grant = jwtBearer.verify(assertion(_ -> {}), OWN_URL);

        // then
        assertThat(grant.org().name()).isEqualTo("acme");
        assertThat(grant.user().username()).isEqualTo("bot@acme.example");
    }

    @Test
    void theOrgsOwnUrlIsAnAudienceToo() throws JoseException {
        // when
        var grant = jwtBearer.verify(assertion(claims -> claims.setAudience(OWN_URL)), OWN_URL);

        // then
        assertThat(grant.org().name()).isEqualTo("acme");
    }

    @Test
    void anotherAudienceIsRefused() {
        assertRefused(claims -> claims.setAudience("https://elsewhere.example"), OAuthError.INVALID_AUDIENCE);
    }

    @Test
    void anExpiredAssertionIsRefused() {
        assertRefused(claims -> claims.setExpirationTimeMinutesInTheFuture(-5), OAuthError.INVALID_ASSERTION);
    }

    @Test
    void anAssertionWithoutAnEndIsRefused() {
        assertRefused(claims -> claims.unsetClaim("exp"), OAuthError.INVALID_ASSERTION);
    }

    @Test
    void anUnknownUserIsRefused() {
        assertRefused(claims -> claims.setSubject("nobody@acme.example"), OAuthError.USER_NOT_APPROVED);
    }

    @Test
    void anUnknownClientIsRefused() {
        assertRefused(claims -> claims.setIssuer("another-client"), OAuthError.INVALID_CLIENT_ID);
    }

    @Test
    void anotherKeysSignatureIsRefused() throws JoseException {
        // given
        var forged = sign(claims(_ -> {}), RsaJwkGenerator.generateJwk(2048));

        // then
        assertThatThrownBy(() -> jwtBearer.verify(forged, OWN_URL))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_ASSERTION));
    }

    @Test
    void somethingThatIsNoJwtIsRefused() {
        assertThatThrownBy(() -> jwtBearer.verify("nonsense", OWN_URL))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_ASSERTION));
    }

    private static void assertRefused(Consumer<JwtClaims> change, OAuthError expected) {
        assertThatThrownBy(() -> jwtBearer.verify(assertion(change), OWN_URL))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(expected));
    }

    private static String assertion(Consumer<JwtClaims> change) throws JoseException {
        return sign(claims(change), key);
    }

    private static JwtClaims claims(Consumer<JwtClaims> change) {
        var claims = new JwtClaims();
        claims.setIssuer("acme-client");
        claims.setSubject("bot@acme.example");
        claims.setAudience("https://login.salesforce.com");
        claims.setExpirationTimeMinutesInTheFuture(3);
        change.accept(claims);
        return claims;
    }

    private static String sign(JwtClaims claims, RsaJsonWebKey signer) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        jws.setPayload(claims.toJson());
        jws.setKey(signer.getPrivateKey());
        return jws.getCompactSerialization();
    }

    private static SimulatorConfig config(Path certificate) {
        var acme = "lightline.simulator.orgs.acme.";
        return new SmallRyeConfigBuilder()
                .withMapping(SimulatorConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValue(acme + "org-id", "00DLL00000000012AA")
                .withDefaultValue(acme + "users[0]", "bot@acme.example")
                .withDefaultValue(acme + "client-id", "acme-client")
                .withDefaultValue(acme + "jwt-certificate", certificate.toString())
                .build()
                .getConfigMapping(SimulatorConfig.class);
    }
}
