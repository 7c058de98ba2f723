package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.InvalidFilterException;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final long IN_5_MINUTES = NOW.getEpochSecond() + 300;
    private static final KeyPair RSA = Signer.newRsa();
    private static final Signer ORG = Signer.rsa(RSA.getPrivate());
    private static final String SECRET = "a secret that is long enough for HS256";
    private static final Signer APP = Signer.hmac(SECRET);
    private static final Optional<String> PAGE = Optional.of("https://acme.lightning.force.com");

    /** An org that signs with its certificate, and an application that shares a secret. */
    private static final Map<String, String> CONFIG = Map.of(
            "lightline.tenants.acme.issuers.org.issuer", "https://acme.my.salesforce.com",
            "lightline.tenants.acme.issuers.org.public-keys", Signer.pem(RSA.getPublic()),
            "lightline.tenants.acme.issuers.org.audience", "lightline",
            "lightline.tenants.acme.allowed-origins", "https://acme.lightning.force.com",
            "lightline.tenants.app.issuers.main.hmac-secret", SECRET);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RevokedTokens revoked = new RevokedTokens(() -> NOW);
    private final TokenVerifier verifier = Verifiers.of(CONFIG, () -> NOW, revoked, registry);

    @Test
    void aSalesforceTokenHasNoKeyIdAndNamesItsUser() {
        // when
        User user = verify(ORG.sign(orgClaims()), PAGE);

        // then
        assertThat(user.tenant().id()).isEqualTo("acme");
        assertThat(user.id()).isEqualTo("005000000000001AAA");
        assertThat(user.authenticated()).isTrue();
        assertThat(user.expiresAt()).isEqualTo(Instant.ofEpochSecond(IN_5_MINUTES));
        assertThat(user.issuedAt()).isNull();
        assertThat(user.info()).isNull();
        assertThat(registry.counter("lightline.tokens.accepted").count()).isEqualTo(1);
    }

    @Test
    void aTokenMayBringInfoSubscriptionsAndCapabilities() throws InvalidFilterException {
        // given
        var filter = Map.of("key", "data.Region__c", "cmp", "eq", "val", "EMEA");
        var claims = appClaims();
        claims.put("iat", NOW.getEpochSecond());
        claims.put("info", Map.of("name", "Alice"));
        claims.put("channels", List.of("news", "orders"));
        claims.put("subs", Map.of("orders", Map.of("info", List.of(1), "data", "hi", "filter", filter)));
        claims.put(
                "caps",
                List.of(Map.of(
                        "channels",
                        List.of("team-*"),
                        "match",
                        "wildcard",
                        "allow",
                        List.of("sub", "hst", "pub", "prs"))));

        // when
        User user = verify(APP.sign(claims), Optional.empty());

        // then
        assertThat(user.issuedAt()).isEqualTo(NOW);
        assertThat(user.info()).isEqualTo(RawJson.of("{\"name\":\"Alice\"}"));
        assertThat(user.subscriptions())
                .isEqualTo(Map.of(
                        "news",
                        Subscribing.PLAIN,
                        "orders",
                        new Subscribing(
                                RawJson.of("[1]"),
                                RawJson.of("\"hi\""),
                                Filter.parse(
                                        RawJson.of("{\"key\":\"data.Region__c\",\"cmp\":\"eq\",\"val\":\"EMEA\"}")))));
        assertThat(user.capabilities())
                .containsExactly(new Capability(
                        List.of(new ChannelPattern.Wildcard("team-*")), Set.of(Permission.values()), null));
    }

    @Test
    void expireAtDecidesHowLongTheConnectionMayStay() {
        assertThat(verify(APP.sign(appClaims("expire_at", IN_5_MINUTES + 7)), Optional.empty())
                        .expiresAt())
                .isEqualTo(Instant.ofEpochSecond(IN_5_MINUTES + 7));
        assertThat(verify(APP.sign(appClaims("expire_at", 0)), Optional.empty()).expiresAt())
                .isNull();
    }

    @ParameterizedTest
    @MethodSource
    void theKindOfKeyDecidesWhichAlgorithmsAreAllowed(String pem, Signer signer) {
        // given
        var other = Verifiers.of(Map.of("lightline.tenants.t.issuers.i.public-keys", pem));
        var claims = Map.of("sub", "a", "exp", Instant.now().getEpochSecond() + 60);

        // then
        assertThat(await(other.verify(signer.sign(claims), Optional.empty())).id())
                .isEqualTo("a");
    }

    static Stream<Arguments> theKindOfKeyDecidesWhichAlgorithmsAreAllowed() {
        KeyPair ec = Signer.newEc("secp256r1");
        return Stream.of(
                Arguments.of(Signer.pem(RSA.getPublic()), ORG),
                Arguments.of(Signer.pem(RSA.getPublic()), ORG.with(AlgorithmIdentifiers.RSA_USING_SHA512)),
                Arguments.of(Signer.pem(RSA.getPublic()), ORG.named("a key id that no PEM file knows")),
                Arguments.of(Signer.pem(ec.getPublic()), Signer.ec(ec.getPrivate())),
                // Two in one text: so a certificate is rotated.
                Arguments.of(Signer.pem(ec.getPublic()) + "\n" + Signer.pem(RSA.getPublic()), ORG));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                AlgorithmIdentifiers.RSA_USING_SHA384,
                AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            })
    void algorithmsThatNobodyUsesAreRefused(String algorithm) {
        assertRefused(Reason.ALGORITHM, ORG.with(algorithm).sign(orgClaims()));
    }

    @Test
    void noTokenIsRefusedWhereOneIsNeeded() {
        assertRefused(Reason.MISSING, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "a.b.c", "..", "e30.W10.e30", "e30.e30", "e30.e30.e30.e30.e30"})
    void whatIsNoJwtIsRefused(String token) {
        assertRefused(Reason.MALFORMED, token);
    }

    @ParameterizedTest
    @MethodSource
    void claimsThatMakeNoSenseAreRefused(String claim, Object value) {
        assertRefused(Reason.MALFORMED, APP.sign(appClaims(claim, value)));
    }

    static Stream<Arguments> claimsThatMakeNoSenseAreRefused() {
        return Stream.of(
                Arguments.of("sub", 7),
                Arguments.of("exp", "soon"),
                Arguments.of("exp", -1),
                // Milliseconds where seconds belong.
                Arguments.of("exp", IN_5_MINUTES * 1000),
                Arguments.of("exp", 1e300),
                Arguments.of("channels", "news"),
                Arguments.of("channels", List.of(7)),
                Arguments.of("subs", List.of("news")),
                Arguments.of("subs", Map.of("news", "yes")),
                Arguments.of("subs", Map.of("news", Map.of("filter", Map.of("cmp", "like")))),
                Arguments.of("caps", Map.of()),
                Arguments.of("caps", List.of(Map.of("channels", List.of("a"), "allow", List.of("fly")))),
                Arguments.of("caps", List.of(Map.of("channels", List.of("a"), "match", "fuzzy"))),
                Arguments.of("caps", List.of(Map.of("channels", List.of(""), "allow", List.of("sub")))),
                Arguments.of("caps", List.of(Map.of("channels", List.of("(a"), "match", "regex"))),
                Arguments.of("caps", List.of(Map.of("channels", List.of("((a{999}){999}){999}"), "match", "regex"))),
                Arguments.of("caps", List.of(Map.of("channels", List.of("\\pL"), "match", "regex"))),
                Arguments.of("caps", List.of(Map.of("channels", repeated("x*".repeat(100), 11), "match", "wildcard"))),
                // Of a subscription token.
                Arguments.of("channel", "news"));
    }

    private static List<String> repeated(String text, int times) {
        return Stream.generate(() -> text).limit(times).toList();
    }

    @Test
    void aTokenWithoutAnEndIsRefused() {
        assertRefused(Reason.MALFORMED, APP.sign(Map.of("sub", "alice")));
    }

    @Test
    void aClaimThatIsThereTwiceIsRefused() {
        // given
        String header = Signer.base64("{\"alg\":\"HS256\"}");
        String claims = Signer.base64("{\"sub\":\"alice\",\"sub\":\"root\",\"exp\":" + IN_5_MINUTES + "}");

        // then
        assertRefused(Reason.MALFORMED, header + "." + claims + ".e30");
    }

    @Test
    void anIssuerThatNoTenantHasIsRefused() {
        assertRefused(Reason.UNKNOWN_ISSUER, ORG.sign(orgClaims("iss", "https://evil.my.salesforce.com")));
        // The issuer without a name has the tokens without iss, and no others.
        assertRefused(Reason.UNKNOWN_ISSUER, APP.sign(appClaims("iss", "anybody")));
    }

    @Test
    void aSignatureByAnotherKeyIsRefused() {
        assertRefused(
                Reason.BAD_SIGNATURE, Signer.rsa(Signer.newRsa().getPrivate()).sign(orgClaims()));
        assertRefused(Reason.BAD_SIGNATURE, Signer.hmac(SECRET + "!").sign(appClaims()));
        // The key of one tenant, the issuer of the other.
        assertRefused(Reason.ALGORITHM, APP.sign(orgClaims()));
        assertRefused(Reason.ALGORITHM, ORG.sign(appClaims()));
    }

    @Test
    void aChangedTokenIsRefused() {
        // given
        String[] parts = ORG.sign(orgClaims()).split("\\.", -1);
        String claims = ORG.sign(orgClaims("sub", "005000000000002AAA")).split("\\.", -1)[1];

        // then
        assertRefused(Reason.BAD_SIGNATURE, parts[0] + "." + claims + "." + parts[2]);
    }

    @Test
    void anUnsignedTokenIsRefused() {
        assertRefused(Reason.ALGORITHM, Signer.unsigned(orgClaims()));
        assertRefused(Reason.ALGORITHM, Signer.unsigned(appClaims()));
    }

    @Test
    void aPublicKeyIsNoSharedSecret() {
        assertRefused(
                Reason.ALGORITHM, Signer.hmac(RSA.getPublic().getEncoded()).sign(orgClaims()));
        assertRefused(Reason.ALGORITHM, Signer.hmac(Signer.pem(RSA.getPublic())).sign(orgClaims()));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "-1000"})
    void anExpiredTokenIsRefusedFromItsLastSecondOn(long seconds) {
        assertRefused(Reason.EXPIRED, APP.sign(appClaims("exp", NOW.getEpochSecond() + seconds)));
        assertThat(verify(APP.sign(appClaims("exp", NOW.getEpochSecond() + 1)), Optional.empty())
                        .id())
                .isEqualTo("alice");
    }

    @Test
    void aTokenThatIsNotYetValidIsRefusedButClocksMayDifferByFiveSeconds() {
        assertRefused(Reason.NOT_YET_VALID, APP.sign(appClaims("nbf", NOW.getEpochSecond() + 6)));
        assertThat(verify(APP.sign(appClaims("nbf", NOW.getEpochSecond() + 5)), Optional.empty())
                        .id())
                .isEqualTo("alice");
    }

    @Test
    void aTokenForSomebodyElseIsRefused() {
        assertRefused(Reason.WRONG_AUDIENCE, ORG.sign(orgClaims("aud", "another service")));
        assertRefused(Reason.WRONG_AUDIENCE, ORG.sign(orgClaims("aud", List.of())));
        assertThat(verify(ORG.sign(orgClaims("aud", List.of("x", "lightline"))), PAGE)
                        .id())
                .isEqualTo("005000000000001AAA");
        // An issuer of which no audience is asked for.
        assertThat(verify(APP.sign(appClaims("aud", "whoever")), Optional.empty())
                        .id())
                .isEqualTo("alice");
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWhateverItsToken() {
        // given
        String token = ORG.sign(orgClaims());

        // then
        assertRefused(Reason.FOREIGN_ORIGIN, token, Optional.of("https://evil.lightning.force.com"));
        assertRefused(Reason.FOREIGN_ORIGIN, token, Optional.of("null"));
        assertThat(verify(token, Optional.empty()).tenant().id()).isEqualTo("acme");
    }

    @Test
    void tokensOfTheTimeBeforeARevocationAreRefused() {
        // given
        revoked.add(new Revocation("app", "alice", NOW, NOW.plusSeconds(600)));
        long now = NOW.getEpochSecond();

        // then
        assertRefused(Reason.REVOKED, APP.sign(appClaims("iat", now)));
        assertRefused(Reason.REVOKED, APP.sign(appClaims()));
        assertThat(verify(APP.sign(appClaims("iat", now + 1)), Optional.empty()).id())
                .isEqualTo("alice");
        assertThat(verify(APP.sign(appClaims("sub", "bob")), Optional.empty()).id())
                .isEqualTo("bob");
        assertThat(verify(ORG.sign(orgClaims("sub", "alice")), PAGE).id()).isEqualTo("alice");
    }

    @Test
    void anAnonymousClientGetsTheOneTenantThatLetsItIn() {
        // given
        var open = Verifiers.of(
                Map.of("lightline.tenants.demo.anonymous", "true", "lightline.tenants.demo.allowed-origins", "*"));

        // when
        User nobody = await(open.verify("", Optional.of("http://localhost:3000")));

        // then
        assertThat(nobody.tenant().id()).isEqualTo("demo");
        assertThat(nobody.id()).isEmpty();
        assertThat(nobody.authenticated()).isFalse();
    }

    @Test
    void anAnonymousClientNeedsAnOriginOfTheTenantToo() {
        // given
        var open = Verifiers.of(Map.of(
                "lightline.tenants.demo.anonymous", "true",
                "lightline.tenants.demo.allowed-origins", "https://demo.example.com",
                "lightline.tenants.demo.allow-no-origin", "false"));

        // then
        assertThat(refusal(open.verify("", Optional.of("https://evil.example.com")))
                        .reason())
                .isEqualTo(Reason.FOREIGN_ORIGIN);
        assertThat(refusal(open.verify("", Optional.empty())).reason()).isEqualTo(Reason.FOREIGN_ORIGIN);
    }

    @Test
    void aSubscriptionTokenIsForOneUserAndOneChannel() throws InvalidFilterException {
        // given
        User alice = verify(APP.sign(appClaims()), Optional.empty());
        var claims = appClaims("channel", "orders");
        claims.put("info", Map.of("role", "clerk"));
        claims.put("filter", Map.of("key", "region", "cmp", "eq", "val", "EMEA"));

        // when
        SubscriptionToken token = await(verifier.verifySubscription(alice, "orders", APP.sign(claims)));

        // then
        assertThat(token)
                .isEqualTo(new SubscriptionToken(
                        "orders",
                        RawJson.of("{\"role\":\"clerk\"}"),
                        Instant.ofEpochSecond(IN_5_MINUTES),
                        Filter.parse(RawJson.of("{\"key\":\"region\",\"cmp\":\"eq\",\"val\":\"EMEA\"}"))));
    }

    @Test
    void aSubscriptionTokenThatDoesNotFitIsRefused() {
        // given
        User alice = verify(APP.sign(appClaims()), Optional.empty());
        String good = APP.sign(appClaims("channel", "orders"));
        var bobs = appClaims("channel", "orders");
        bobs.put("sub", "bob");

        // then
        assertSubscriptionRefused(Reason.WRONG_SUBSCRIPTION, alice, "invoices", good);
        assertSubscriptionRefused(Reason.WRONG_SUBSCRIPTION, alice, "orders", APP.sign(bobs));
        assertSubscriptionRefused(Reason.WRONG_SUBSCRIPTION, alice, "orders", APP.sign(appClaims()));
        assertSubscriptionRefused(Reason.UNKNOWN_ISSUER, alice, "orders", ORG.sign(orgClaims("channel", "orders")));
        assertSubscriptionRefused(Reason.MALFORMED, alice, "orders", "");
        revoked.add(new Revocation("app", "alice", NOW, NOW.plusSeconds(600)));
        assertSubscriptionRefused(Reason.REVOKED, alice, "orders", good);
    }

    @Test
    void everyReasonHasItsCloseCode() {
        // given
        var codes = new HashMap<Reason, CloseCode>();
        Stream.of(Reason.values()).forEach(reason -> codes.put(reason, reason.closeCode()));

        // then
        assertThat(codes)
                .containsEntry(Reason.UNKNOWN_ISSUER, CloseCode.UNKNOWN_ISSUER)
                .containsEntry(Reason.BAD_SIGNATURE, CloseCode.BAD_SIGNATURE)
                .containsEntry(Reason.ALGORITHM, CloseCode.ALGORITHM_NOT_ALLOWED)
                .containsEntry(Reason.NOT_YET_VALID, CloseCode.TOKEN_NOT_YET_VALID)
                .containsEntry(Reason.WRONG_AUDIENCE, CloseCode.WRONG_AUDIENCE)
                .containsEntry(Reason.FOREIGN_ORIGIN, CloseCode.ORIGIN_NOT_ALLOWED)
                .containsEntry(Reason.REVOKED, CloseCode.TOKEN_REVOKED);
    }

    @Test
    void whatIsKnownIsAnsweredOnTheCallersThread() {
        // given
        var answered = new AtomicReference<Thread>();

        // when
        verifier.verify(ORG.sign(orgClaims()), PAGE).subscribe().with(_ -> answered.set(Thread.currentThread()));

        // then
        assertThat(answered).hasValue(Thread.currentThread());
    }

    private User verify(String token, Optional<String> origin) {
        return await(verifier.verify(token, origin));
    }

    private void assertRefused(Reason reason, String token) {
        assertRefused(reason, token, Optional.empty());
    }

    /** Also that it is counted as what it is, and that nobody is told what is in it. */
    private void assertRefused(Reason reason, String token, Optional<String> origin) {
        double before = refused(reason);
        TokenRefusedException refusal = refusal(verifier.verify(token, origin));
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        assertThat(refused(reason)).isEqualTo(before + 1);
        Stream.of(token.split("\\.", -1))
                .filter(part -> part.length() > 3)
                .forEach(part -> assertThat(refusal.getMessage()).doesNotContain(part));
    }

    private void assertSubscriptionRefused(Reason reason, User user, String channel, String token) {
        assertThat(refusal(verifier.verifySubscription(user, channel, token)).reason())
                .isEqualTo(reason);
    }

    private static TokenRefusedException refusal(Uni<?> answer) {
        return catchThrowableOfType(TokenRefusedException.class, () -> await(answer));
    }

    private double refused(Reason reason) {
        return registry.counter(
                        "lightline.tokens.refused", "reason", reason.name().toLowerCase(Locale.ROOT))
                .count();
    }

    /** The claims that Apex' Auth.JWT makes. */
    private static Map<String, Object> orgClaims() {
        return new HashMap<>(Map.of(
                "iss", "https://acme.my.salesforce.com",
                "sub", "005000000000001AAA",
                "aud", "lightline",
                "nbf", NOW.getEpochSecond(),
                "exp", IN_5_MINUTES));
    }

    private static Map<String, Object> orgClaims(String claim, Object value) {
        var claims = orgClaims();
        claims.put(claim, value);
        return claims;
    }

    private static Map<String, Object> appClaims() {
        return new HashMap<>(Map.of("sub", "alice", "exp", IN_5_MINUTES));
    }

    private static Map<String, Object> appClaims(String claim, Object value) {
        var claims = appClaims();
        claims.put(claim, value);
        return claims;
    }

    private static <T> T await(Uni<T> answer) {
        return answer.await().atMost(Duration.ofSeconds(10));
    }
}
