package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lightline.backplane.RawJson;
import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerifierTest {

    private static final String SECRET = "a secret that is long enough for HS256";
    private static final KeyPair RSA = rsa();

    @Test
    void anHmacTokenNamesItsUser() throws TokenRefusedException {
        // given
        var verifier = verifier(Map.of("acme.hmac-secret", SECRET));
        var end = Instant.now().plus(Duration.ofMinutes(5));
        String token = Jwt.claims()
                .subject("alice")
                .expiresAt(end)
                .claim("info", Map.of("name", "Alice"))
                .sign(hmac(SECRET));

        // when
        User user = verifier.verify(token);

        // then
        assertThat(user.tenant().id()).isEqualTo("acme");
        assertThat(user.id()).isEqualTo("alice");
        assertThat(user.info()).isEqualTo(RawJson.of("{\"name\":\"Alice\"}"));
        assertThat(user.expiresAt()).isEqualTo(Instant.ofEpochSecond(end.getEpochSecond()));
    }

    @Test
    void anRsaTokenWithoutAKeyIdIsCheckedWithTheTenantsKey() throws TokenRefusedException {
        // given
        var verifier = verifier(Map.of("acme.public-key", pem(), "acme.issuer", "org-a"));

        // when
        User user = verifier.verify(salesforces().issuer("org-a").sign(RSA.getPrivate()));

        // then
        assertThat(user.id()).isEqualTo("005000000000001");
    }

    @Test
    void aKeyMayComeFromAFile(@TempDir Path folder) throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("key.pem"), pem());
        var verifier = verifier(Map.of("acme.public-key-file", file.toString()));

        // then
        assertThat(verifier.verify(salesforces().sign(RSA.getPrivate())).id()).isEqualTo("005000000000001");
    }

    @Test
    void theIssuerChoosesTheTenant() throws TokenRefusedException {
        // given
        var verifier = verifier(Map.of(
                "acme.hmac-secret",
                SECRET,
                "acme.issuer",
                "org-a",
                "umbrella.hmac-secret",
                SECRET + "!",
                "umbrella.issuer",
                "org-b"));

        // then
        assertThat(verifier.verify(salesforces().issuer("org-a").sign(hmac(SECRET)))
                        .tenant()
                        .id())
                .isEqualTo("acme");
        assertThat(verifier.verify(salesforces().issuer("org-b").sign(hmac(SECRET + "!")))
                        .tenant()
                        .id())
                .isEqualTo("umbrella");
        assertRefused(verifier, salesforces().issuer("org-b").sign(hmac(SECRET)), Reason.INVALID);
        assertRefused(verifier, salesforces().issuer("org-c").sign(hmac(SECRET)), Reason.INVALID);
        assertRefused(verifier, salesforces().sign(hmac(SECRET)), Reason.INVALID);
    }

    @Test
    void forgeriesAreRefused() {
        // given
        var verifier = verifier(Map.of("acme.public-key", pem(), "acme.audience", "lightline"));
        var good = salesforces().audience("lightline");

        // then
        assertRefused(verifier, "rubbish", Reason.INVALID);
        assertRefused(verifier, "", Reason.INVALID);
        assertRefused(verifier, good.sign(rsa().getPrivate()), Reason.INVALID);
        assertRefused(verifier, salesforces().audience("other").sign(RSA.getPrivate()), Reason.INVALID);
        assertRefused(verifier, salesforces().sign(RSA.getPrivate()), Reason.INVALID);
        assertRefused(
                verifier,
                salesforces()
                        .audience("lightline")
                        .sign(new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256")),
                Reason.INVALID);
        assertRefused(verifier, unsigned(), Reason.INVALID);
    }

    @Test
    void anExpiredTokenSaysSo() {
        // given
        var verifier = verifier(Map.of("acme.hmac-secret", SECRET));

        // then
        assertRefused(
                verifier,
                Jwt.claims().subject("a").issuedAt(1000).expiresAt(2000).sign(hmac(SECRET)),
                Reason.EXPIRED);
    }

    @Test
    void anonymousClientsNeedATenantThatLetsThemIn() throws TokenRefusedException {
        // given
        var open = verifier(Map.of("demo.anonymous", "true"));

        // then
        assertThat(open.verify("").tenant().id()).isEqualTo("demo");
        assertThat(open.verify("").id()).isEmpty();
        assertRefused(verifier(Map.of("acme.hmac-secret", SECRET)), "", Reason.INVALID);
    }

    @Test
    void contradictoryConfigurationStopsTheStart() {
        assertInvalid(Map.of("a.anonymous", "true", "b.anonymous", "true"), "anonymous=true in more than one tenant");
        assertInvalid(Map.of("a.hmac-secret", SECRET, "b.hmac-secret", SECRET), "no issuer");
        assertInvalid(Map.of("a.hmac-secret", "short"), "lightline.tenants.a.hmac-secret has 5 bytes");
        assertInvalid(Map.of("a.public-key", "rubbish"), "lightline.tenants.a.public-key");
        assertInvalid(Map.of("a.public-key-file", "/nowhere"), "/nowhere cannot be read");
        assertInvalid(
                Map.of("a.namespaces.sf.prefix", "/event/", "a.namespaces.sf.publish", "true"),
                "clients never publish to /event/");
        assertInvalid(
                Map.of("a.namespaces.chat.prefix", "chat:", "a.namespaces.chat.history-size", "5"),
                "lightline.tenants.a.namespaces.chat: History needs both");
        assertInvalid(Map.of("not ok.anonymous", "true"), "not ok");
    }

    private static void assertInvalid(Map<String, String> config, String message) {
        assertThatThrownBy(() -> verifier(config))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message);
    }

    private static void assertRefused(TokenVerifier verifier, String token, Reason reason) {
        var refusal = catchThrowableOfType(TokenRefusedException.class, () -> verifier.verify(token));
        assertThat(refusal).as(token).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        if (token.length() > 10) {
            assertThat(refusal.getMessage()).doesNotContain(token);
        }
    }

    private static TokenVerifier verifier(Map<String, String> tenants) {
        var values = new HashMap<String, String>();
        tenants.forEach((key, value) -> values.put("lightline.tenants." + quoted(key), value));
        return Verifiers.of(values);
    }

    private static String quoted(String key) {
        int dot = key.indexOf('.');
        return "\"" + key.substring(0, dot) + "\"" + key.substring(dot);
    }

    /** The claims that Apex' Auth.JWT makes; it has no kid to offer. */
    private static JwtClaimsBuilder salesforces() {
        return Jwt.claims().subject("005000000000001").expiresIn(Duration.ofMinutes(5));
    }

    private static String unsigned() {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        String header = encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        long end = Instant.now().getEpochSecond() + 60;
        String claims = encoder.encodeToString(
                ("{\"sub\":\"a\",\"aud\":\"lightline\",\"exp\":" + end + "}").getBytes(StandardCharsets.UTF_8));
        return header + "." + claims + ".";
    }

    private static SecretKey hmac(String secret) {
        return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    private static String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(RSA.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
