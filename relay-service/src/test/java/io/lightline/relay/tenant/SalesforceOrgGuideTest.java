package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tenant of {@code docs/salesforce-setup.md}, word by word but for where the key is. */
class SalesforceOrgGuideTest {

    private static final Path PAGE = Path.of("..", "docs", "salesforce-setup.md");
    private static final Pattern TENANT = Pattern.compile("```yaml\n( *lightline:\n *tenants:.*?)```", Pattern.DOTALL);
    private static final Optional<String> A_PAGE_OF_THE_ORG = Optional.of("https://acme.lightning.force.com");

    private final KeyPair keys = Signer.newRsa();
    private final ChannelAuthorizer authorizer = new ChannelAuthorizer();

    @TempDir
    Path folder;

    private TenantDirectory tenants;
    private Issuers issuers;

    @BeforeEach
    void readTheGuide() throws IOException {
        Path key = Files.writeString(folder.resolve("Lightline.crt"), Signer.pem(keys.getPublic()));
        var found = TENANT.matcher(Files.readString(PAGE));
        assertThat(found.find()).isTrue();
        String yaml = found.group(1)
                .stripIndent()
                .replace("/etc/lightline/Lightline.crt", key.toString())
                .replace("${ACME_API_KEY}", "x".repeat(32));
        tenants = Verifiers.tenants(new YamlConfigSource("guide", yaml).getProperties());
        issuers = Verifiers.issuers(tenants);
    }

    @AfterEach
    void close() {
        issuers.close();
    }

    @Test
    void opensToUsersOfTheOrgWhatApexGrants() {
        // when
        User user = verified(Map.of(
                "caps",
                List.of(Map.of(
                        "channels",
                        List.of("/event/*", "chat:*"),
                        "match",
                        "wildcard",
                        "allow",
                        List.of("sub", "pub")))));

        // then
        assertThat(user.id()).isEqualTo("005000000000001AAA");
        assertThat(wish(user, Wish.SUBSCRIBE, "/event/Order__e")).isInstanceOf(Verdict.Granted.class);
        assertThat(wish(user, Wish.PUBLISH, "chat:news")).isInstanceOf(Verdict.Granted.class);
        assertThat(wish(user, Wish.PUBLISH, "/event/Order__e")).isInstanceOf(Verdict.Denied.class);
        assertThat(wish(user, Wish.SUBSCRIBE, "/data/AccountChangeEvent")).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void opensNothingButTheirOwnChannelByItself() {
        // when
        User user = verified(Map.of());

        // then
        assertThat(List.of(
                        "/event/Order__e",
                        "/data/AccountChangeEvent",
                        "record:001000000000001AAA",
                        "chat:news",
                        "lab:1"))
                .allSatisfy(channel ->
                        assertThat(wish(user, Wish.SUBSCRIBE, channel)).isInstanceOf(Verdict.Denied.class));
        assertThat(authorizer.personalChannels(user, "1"))
                .singleElement()
                .extracting(own -> own.channel().name())
                .isEqualTo("user:005000000000001AAA");
    }

    private Verdict wish(User user, Wish wish, String channel) {
        return authorizer.decide(user, wish, channel, new Standing.Outside());
    }

    /** Who has a token as {@code LightlineTokens} makes it, with these claims besides. */
    private User verified(Map<String, ?> more) {
        long now = Instant.now().getEpochSecond();
        var claims = new HashMap<String, Object>(Map.of(
                "iss",
                "https://acme.my.salesforce.com",
                "aud",
                "lightline",
                "sub",
                "005000000000001AAA",
                "iat",
                now,
                "nbf",
                now - 30,
                "exp",
                now + 300));
        claims.putAll(more);
        PrivateKey key = keys.getPrivate();
        return Verifiers.of(tenants, issuers)
                .verify(Signer.rsa(key).sign(claims), A_PAGE_OF_THE_ORG)
                .await()
                .atMost(Duration.ofSeconds(10));
    }
}
