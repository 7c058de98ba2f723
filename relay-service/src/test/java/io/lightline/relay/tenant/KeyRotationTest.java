package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that change while the relay runs. Its clock stands still unless a test moves it. */
@NullUnmarked
class KeyRotationTest {

    private static final KeyPair OLD = Signer.newRsa();
    private static final KeyPair NEW = Signer.newRsa();
    private static final Signer OLD_SIGNER = Signer.rsa(OLD.getPrivate());
    private static final Signer NEW_SIGNER = Signer.rsa(NEW.getPrivate());
    private static final String ISSUER = "lightline.tenants.acme.issuers.org.";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final JwksServer server = new JwksServer();
    private volatile Instant now = Instant.ofEpochSecond(1_800_000_000L);

    @TempDir
    Path folder;

    private Issuers issuers;
    private TokenVerifier verifier;

    @AfterEach
    void close() {
        if (issuers != null) {
            issuers.close();
        }
        server.close();
    }

    @Test
    void aSecondFileAddsAKeyAndLeavesTheFirstOneValid() throws IOException {
        // given
        Path first = Files.writeString(folder.resolve("old.pem"), Signer.pem(OLD.getPublic()));
        Path second = Files.writeString(folder.resolve("new.pem"), Signer.pem(NEW.getPublic()));

        // when
        start(Map.of("public-key-files", first + "," + second));

        // then
        assertAccepted(OLD_SIGNER);
        assertAccepted(NEW_SIGNER);
    }

    @Test
    void aChangedFileIsReadWhenATokenNeedsIt() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("org.pem"), Signer.pem(OLD.getPublic()));
        start(Map.of("public-key-files", file.toString()));
        awaitReadings("read", 1);

        // when
        Files.writeString(file, Signer.pem(NEW.getPublic()));
        now = now.plus(KeySource.PAUSE);

        // then
        assertAccepted(NEW_SIGNER);
        assertRefused(Reason.BAD_SIGNATURE, OLD_SIGNER);
    }

    @Test
    void aChangedFileIsReadInTimeThoughNoTokenNeedsIt() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("secret"), "a secret that is long enough for HS256\n");
        start(Map.of("hmac-secret-file", file.toString()));
        awaitReadings("read", 1);
        assertAccepted(Signer.hmac("a secret that is long enough for HS256"));

        // when
        Files.writeString(file, "another secret, long enough for HS256, too");
        now = now.plus(KeySource.PAUSE);
        issuers.tick();
        awaitReadings("read", 2);

        // then
        assertRefused(Reason.BAD_SIGNATURE, Signer.hmac("a secret that is long enough for HS256"));
        assertAccepted(Signer.hmac("another secret, long enough for HS256, too"));
    }

    @Test
    void aFileThatIsGoneOrBrokenLeavesItsKeysValid() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("org.pem"), Signer.pem(OLD.getPublic()));
        start(Map.of("public-key-files", file.toString()));
        awaitReadings("read", 1);

        // when
        Files.writeString(file, "half a certifi");
        now = now.plus(KeySource.PAUSE);

        // then
        assertRefused(Reason.UNAVAILABLE, NEW_SIGNER);
        assertAccepted(OLD_SIGNER);
    }

    @Test
    void aKeySetIsFetchedOnceForManyTokens() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"), JwksServer.key(NEW.getPublic(), "2"));
        start(Map.of("jwks-url", server.url()));

        // then
        for (int i = 0; i < 20; i++) {
            assertAccepted(OLD_SIGNER.named("1"));
            assertAccepted(NEW_SIGNER);
        }
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aTokenThatNamesAKeyIsCheckedWithThatOneOnly() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"), JwksServer.key(NEW.getPublic(), "2"));
        start(Map.of("jwks-url", server.url()));

        // then
        assertRefused(Reason.BAD_SIGNATURE, OLD_SIGNER.named("2"));
    }

    @Test
    void fiftyTokensWaitForOneFetchAndBlockNobody() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"));
        server.hold();
        start(Map.of("jwks-url", server.url()));

        // when
        List<CompletableFuture<User>> answers = IntStream.range(0, 50)
                .mapToObj(_ -> verify(OLD_SIGNER).subscribeAsCompletionStage())
                .toList();
        await().until(() -> server.requests() == 1);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        server.release();

        // then
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aKeyThatIsNewInTheSetIsFoundWhenATokenNeedsIt() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"));
        start(Map.of("jwks-url", server.url()));
        assertAccepted(OLD_SIGNER.named("1"));

        // when
        server.publish(JwksServer.key(OLD.getPublic(), "1"), JwksServer.key(NEW.getPublic(), "2"));
        now = now.plus(KeySource.PAUSE);

        // then
        assertAccepted(NEW_SIGNER.named("2"));
        assertAccepted(OLD_SIGNER.named("1"));
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsTakenOutOfTheSetIsForgottenAfterTheRefresh() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"), JwksServer.key(NEW.getPublic(), "2"));
        start(Map.of("jwks-url", server.url(), "jwks-refresh", "10m"));
        assertAccepted(OLD_SIGNER);

        // when
        server.publish(JwksServer.key(NEW.getPublic(), "2"));
        now = now.plus(Duration.ofMinutes(10));
        issuers.tick();
        awaitReadings("read", 2);

        // then
        assertRefused(Reason.BAD_SIGNATURE, OLD_SIGNER);
        assertAccepted(NEW_SIGNER);
    }

    @Test
    void forgedTokensCauseOneFetchInTenSeconds() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"));
        start(Map.of("jwks-url", server.url()));
        assertAccepted(OLD_SIGNER);

        // when
        for (int i = 0; i < 10; i++) {
            assertRefused(Reason.BAD_SIGNATURE, NEW_SIGNER);
        }
        now = now.plus(KeySource.PAUSE);
        for (int i = 0; i < 10; i++) {
            assertRefused(Reason.BAD_SIGNATURE, NEW_SIGNER);
        }

        // then
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void whileTheSetIsOutOfReachKnownKeysStayValidAndOthersAreNotCalledForgeries() {
        // given
        server.publish(JwksServer.key(OLD.getPublic(), "1"));
        start(Map.of("jwks-url", server.url()));
        assertAccepted(OLD_SIGNER);

        // when
        server.fail();
        now = now.plus(Duration.ofHours(1));

        // then
        assertRefused(Reason.UNAVAILABLE, NEW_SIGNER);
        assertAccepted(OLD_SIGNER);
        server.publish(JwksServer.key(NEW.getPublic(), "2"));
        now = now.plus(KeySource.PAUSE);
        assertAccepted(NEW_SIGNER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "no JSON", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\"}]}"})
    void whatIsNoKeySetCountsAsOutOfReach(String answer) {
        // given
        server.publish(answer);

        // when
        start(Map.of("jwks-url", server.url()));

        // then
        assertRefused(Reason.UNAVAILABLE, OLD_SIGNER);
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        // given
        server.publish(" ".repeat(1024 * 1024) + "{\"keys\":[]}");

        // when
        start(Map.of("jwks-url", server.url()));

        // then
        assertRefused(Reason.UNAVAILABLE, OLD_SIGNER);
    }

    @Test
    void keysThatAreOfNoUseArePassedOver() {
        // given
        byte[] secret = "a secret that should not be here at all".getBytes(StandardCharsets.UTF_8);
        var encrypting = JwksServer.key(NEW.getPublic(), "2");
        encrypting.setUse("enc");
        var weak = JwksServer.key(Signer.newRsa(1024).getPublic(), "3");
        var shared = new OctetSequenceJsonWebKey(Signer.hmac(secret).key());
        var other = JwksServer.key(Signer.newEc("secp384r1").getPublic(), "4");
        server.publish("{\"keys\":[" + shared.toJson(OutputControlLevel.INCLUDE_SYMMETRIC) + ","
                + "{\"kty\":\"new\"}," + encrypting.toJson() + "," + weak.toJson() + "," + other.toJson() + ","
                + JwksServer.key(OLD.getPublic(), "1").toJson() + "]}");

        // when
        start(Map.of("jwks-url", server.url()));

        // then
        assertAccepted(OLD_SIGNER);
        assertRefused(Reason.BAD_SIGNATURE, NEW_SIGNER);
        assertRefused(Reason.ALGORITHM, Signer.hmac(secret));
    }

    @Test
    void anAddressWhereNobodyListensStopsNeitherTheStartNorOtherKeys() {
        // given
        URI gone = URI.create(server.url());
        server.close();

        // when
        start(Map.of("jwks-url", gone.toString(), "public-keys", Signer.pem(OLD.getPublic())));

        // then
        assertRefused(Reason.UNAVAILABLE, NEW_SIGNER);
        assertAccepted(OLD_SIGNER);
    }

    private void start(Map<String, String> issuer) {
        var config = new HashMap<String, String>();
        issuer.forEach((key, value) -> config.put(ISSUER + key, value));
        TenantDirectory tenants = Verifiers.tenants(config);
        var metrics = new TokenMetrics(registry);
        issuers = new Issuers(tenants, () -> now, metrics);
        verifier = new TokenVerifier(issuers, tenants, new RevokedTokens(() -> now), metrics, () -> now);
    }

    private Uni<User> verify(Signer signer) {
        String token = signer.sign(Map.of("sub", "alice", "exp", now.getEpochSecond() + 60));
        return verifier.verify(token, Optional.empty());
    }

    private void assertAccepted(Signer signer) {
        assertThat(verify(signer).await().atMost(Duration.ofSeconds(10)).id()).isEqualTo("alice");
    }

    private void assertRefused(Reason reason, Signer signer) {
        var refusal = catchThrowableOfType(
                TokenRefusedException.class, () -> verify(signer).await().atMost(Duration.ofSeconds(10)));
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    }

    private void awaitReadings(String outcome, int count) {
        await().until(() ->
                registry.counter("lightline.keys.readings", "outcome", outcome).count() >= count);
    }
}
