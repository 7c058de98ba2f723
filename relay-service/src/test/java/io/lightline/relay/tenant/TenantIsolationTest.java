package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Revocation;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;

/**
 * Whatever tenants call themselves, their channels, their users and their keys: nothing of one is within reach of another. Random
 * worlds of tenants that were made to be mistaken for one another; a failure names its SEED, and {@code -Dlightline.test.seed}
 * plays it again.
 */
class TenantIsolationTest {

    private static final int WORLDS = 25;
    private static final int TRIES = 200;
    private static final long SEED = Long.getLong("lightline.test.seed", System.nanoTime());
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final List<KeyPair> RSA =
            Stream.generate(Signer::newRsa).limit(4).toList();

    private static final List<World> ALL = worlds(new Random(SEED));

    private final Random random = new Random(SEED);
    private final ChannelAuthorizer authorizer = new ChannelAuthorizer();

    @Test
    void noRightNamesAChannelOfAnotherTenant() {
        int granted = 0;
        for (World world : ALL) {
            for (int i = 0; i < TRIES; i++) {
                // given
                Member member = any(world.members);
                User user = greedyUser(world, member);
                String channel = channel(world);
                String client = any(word(), channel);

                // when
                List<Verdict> verdicts = Stream.concat(
                                Stream.of(Wish.values())
                                        .flatMap(wish -> Stream.of(
                                                authorizer.decide(user, wish, channel, new Standing.Outside()),
                                                authorizer.decide(user, wish, channel, new Standing.Subscribed(null)))),
                                Stream.of(
                                        authorizer.decide(user, new SubscriptionToken(channel, null, null, null)),
                                        authorizer.decideServerSide(user, client, channel),
                                        authorizer.decideForServer(member.tenant, channel)))
                        .toList();

                // then
                assertThat(verdicts).as("seed %d", SEED).allSatisfy(verdict -> {
                    if (verdict instanceof Verdict.Granted(var named, var _, var _)) {
                        assertThat(named).isEqualTo(new ChannelName(member.tenant.id(), channel));
                        assertThat(ownerOf(named)).isEqualTo(member.tenant.id());
                    }
                });
                granted += (int) verdicts.stream()
                        .filter(Verdict.Granted.class::isInstance)
                        .count();
                assertThat(authorizer.personalChannels(user, client))
                        .as("seed %d", SEED)
                        .allSatisfy(personal ->
                                assertThat(ownerOf(personal.channel())).isEqualTo(member.tenant.id()));
            }
        }
        assertThat(granted).as("seed %d: rights that were granted", SEED).isPositive();
    }

    /** What Redis keys and control messages are made of has to say the tenant unmistakably. */
    private static String ownerOf(ChannelName channel) {
        String text = channel.toString();
        return text.substring(0, text.indexOf(':'));
    }

    @Test
    void aTokenLetsInToTheTenantOfItsKeyOrNowhere() {
        int accepted = 0;
        for (World world : ALL) {
            for (int i = 0; i < TRIES; i++) {
                // given
                Member signing = any(world.members);
                Member claimed = any(world.members);
                String token = maybeForged(signing.signer).sign(claims(claimed.issuer));

                // when
                Optional<User> user = verified(world, token, Optional.empty());

                // then
                user.ifPresent(found -> assertThat(found.tenant())
                        .as("seed %d", SEED)
                        .isSameAs(signing.tenant)
                        .isSameAs(claimed.tenant));
                accepted += user.isPresent() ? 1 : 0;
            }
        }
        assertThat(accepted).as("seed %d: tokens that let in", SEED).isPositive();
    }

    @Test
    void aSubscriptionTokenOfAnotherTenantIsNoRight() {
        int accepted = 0;
        for (World world : ALL) {
            for (int i = 0; i < TRIES; i++) {
                // given
                Member member = any(world.members);
                Member signing = any(world.members);
                String channel = channel(world);
                var claims = claims(any(List.of(member, signing)).issuer);
                claims.put("channel", channel);
                var user = new User(member.tenant, "alice", null, null, null, Map.of(), List.of());

                // when
                Optional<SubscriptionToken> right = world.verifier
                        .verifySubscription(user, channel, signing.signer.sign(claims))
                        .onFailure(TokenRefusedException.class)
                        .recoverWithNull()
                        .await()
                        .asOptional()
                        .atMost(Duration.ofSeconds(10));

                // then
                assertThat(right.isPresent() && signing != member)
                        .as("seed %d", SEED)
                        .isFalse();
                accepted += right.isPresent() ? 1 : 0;
            }
        }
        assertThat(accepted).as("seed %d: tokens that were a right", SEED).isPositive();
    }

    @Test
    void aTokenIsNoRightOnAPageOfAnotherTenant() {
        for (World world : ALL) {
            for (Member member : world.members) {
                for (Member other : world.members) {
                    // given
                    String token = member.signer.sign(claims(member.issuer));
                    String origin = random.nextBoolean() ? other.origin : other.origin.toUpperCase(Locale.ROOT);

                    // then
                    assertThat(verified(world, token, Optional.of(origin)).isPresent())
                            .as("seed %d: token of %s on a page of %s", SEED, member.tenant, other.tenant)
                            .isEqualTo(member == other);
                    String mistaken = mutated(origin);
                    assertThat(verified(world, token, Optional.of(mistaken)))
                            .as("seed %d: %s", SEED, mistaken)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void anApiKeyOpensItsTenantAndNothingElse() {
        for (World world : ALL) {
            for (Member member : world.members) {
                assertThat(world.tenants.byApiKey(member.apiKey))
                        .as("seed %d", SEED)
                        .containsSame(member.tenant);
                assertThat(world.tenants.byApiKey(mutated(member.apiKey)))
                        .as("seed %d", SEED)
                        .isEmpty();
            }
        }
    }

    @Test
    void aRevocationIsOfOneTenantOnly() {
        for (World world : ALL) {
            // given
            Member revoked = any(world.members);

            // when
            world.revoked.add(new Revocation(revoked.tenant.id(), "mallory", NOW, NOW.plusSeconds(60)));

            // then
            for (Member member : world.members) {
                var claims = claims(member.issuer);
                claims.put("sub", "mallory");
                assertThat(verified(world, member.signer.sign(claims), Optional.empty())
                                .isPresent())
                        .as("seed %d", SEED)
                        .isEqualTo(member != revoked);
            }
        }
    }

    private Optional<User> verified(World world, String token, Optional<String> origin) {
        return world.verifier
                .verify(token, origin)
                .onFailure(TokenRefusedException.class)
                .recoverWithNull()
                .await()
                .asOptional()
                .atMost(Duration.ofSeconds(10));
    }

    private static Map<String, Object> claims(String issuer) {
        return new HashMap<>(Map.of("iss", issuer, "sub", "alice", "exp", NOW.getEpochSecond() + 60));
    }

    /** The same key under another algorithm, or with the name of another one. */
    private Signer maybeForged(Signer signer) {
        return switch (random.nextInt(4)) {
            case 0 -> signer.named(word());
            case 1 -> signer.algorithm().startsWith("RS") ? signer.with(AlgorithmIdentifiers.RSA_USING_SHA512) : signer;
            default -> signer;
        };
    }

    /** A user whose token asks for all that it can. */
    private User greedyUser(World world, Member member) {
        var everything = new Capability(List.of(new ChannelPattern.Wildcard("*")), Set.of(Permission.values()), null);
        return new User(
                member.tenant,
                any("", word(), any(world.members).tenant.id()),
                null,
                null,
                null,
                Map.of(channel(world), Subscribing.PLAIN),
                random.nextBoolean() ? List.of(everything) : List.of());
    }

    /** Names that look like those of some tenant, whole Redis keys, and rubbish. */
    private String channel(World world) {
        Member member = any(world.members);
        String name = any(member.prefixes) + any(word(), "", member.tenant.id());
        return switch (random.nextInt(6)) {
            case 0 -> member.tenant.id() + ":" + name;
            case 1 -> "{" + member.tenant.id() + ":" + name + "}";
            case 2 -> mutated(name);
            case 3 -> name + "\n" + member.tenant.id();
            default -> name;
        };
    }

    private String mutated(String text) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + any("x", ":", "}", " ", "/", "é", "\0") + text.substring(at);
    }

    private static List<World> worlds(Random random) {
        return IntStream.range(0, WORLDS).mapToObj(_ -> new World(random)).toList();
    }

    private String word() {
        return random.ints(1 + random.nextInt(4), 0, 5)
                .mapToObj(at -> "ab:.-".substring(at, at + 1))
                .reduce("", String::concat);
    }

    private String any(String... choices) {
        return any(List.of(choices));
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** One tenant and what belongs to it. */
    private record Member(
            Tenant tenant, String issuer, Signer signer, String origin, String apiKey, List<String> prefixes) {}

    /** Some tenants whose ids begin with one another, and whose prefixes contain one another's ids. */
    private static final class World {

        private final Random random;
        private final List<Member> members = new ArrayList<>();
        private final TenantDirectory tenants;
        private final RevokedTokens revoked = new RevokedTokens(() -> NOW);
        private final TokenVerifier verifier;

        World(Random random) {
            this.random = random;
            List<String> ids = List.of("acme", "acme-" + suffix(), "acme." + suffix(), "a", "b");
            var config = new HashMap<String, String>();
            List<Signer> signers = IntStream.range(0, ids.size())
                    .mapToObj(at -> configure(config, ids, at))
                    .toList();
            tenants = Verifiers.tenants(config);
            verifier = Verifiers.of(tenants, () -> NOW, revoked, new SimpleMeterRegistry());
            for (int at = 0; at < ids.size(); at++) {
                Map<String, String> own = config;
                String key = "lightline.tenants.\"" + ids.get(at) + "\".";
                members.add(new Member(
                        tenants.tenant(ids.get(at)),
                        value(own, key + "issuers.main.issuer"),
                        signers.get(at),
                        value(own, key + "allowed-origins"),
                        value(own, key + "api-keys"),
                        IntStream.range(0, 3)
                                .mapToObj(n -> value(own, key + "namespaces.n" + n + ".prefix"))
                                .toList()));
            }
        }

        private static String value(Map<String, String> config, String key) {
            return Optional.ofNullable(config.get(key)).orElseThrow();
        }

        private String any(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private String suffix() {
            return "x" + random.nextInt(10);
        }

        private Signer configure(Map<String, String> config, List<String> ids, int at) {
            String key = "lightline.tenants.\"" + ids.get(at) + "\".";
            config.put(key + "issuers.main.issuer", "https://" + ids.get(at) + ".my.salesforce.com");
            config.put(key + "allowed-origins", "https://" + ids.get(at) + ".lightning.force.com");
            config.put(key + "api-keys", ids.get(at) + "-key-" + random.nextInt(1000));
            for (int n = 0; n < 3; n++) {
                namespace(
                        config,
                        key + "namespaces.n" + n + ".",
                        n + any("", ids.get(random.nextInt(ids.size())) + ":", "{" + ids.get(0) + ":"));
            }
            if (at < RSA.size()) {
                config.put(
                        key + "issuers.main.public-keys", Signer.pem(RSA.get(at).getPublic()));
                return Signer.rsa(RSA.get(at).getPrivate());
            }
            String secret = "a shared secret of tenant " + ids.get(at) + " and of nobody else";
            config.put(key + "issuers.main.hmac-secret", secret);
            return Signer.hmac(secret);
        }

        private void namespace(Map<String, String> config, String key, String prefix) {
            config.put(key + "prefix", prefix);
            config.put(key + "personal", any("none", "none", "user", "client"));
            config.put(key + "subscribe", any("authenticated", "anybody"));
            config.put(key + "publish", any("nobody", "subscribers", "authenticated", "anybody"));
            config.put(key + "presence-enabled", any("true", "false"));
            config.put(key + "history-size", "10");
            config.put(key + "history-ttl", "1m");
        }
    }
}
