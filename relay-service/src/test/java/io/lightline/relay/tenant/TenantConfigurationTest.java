package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration that contradicts itself stops the start, with one line that names the key and no secret. */
class TenantConfigurationTest {

    private static final String SECRET = "a secret that is long enough for HS256";

    @Test
    void tenants() {
        assertInvalid("anonymous=true in more than one tenant: [a, b]", "a.anonymous=true", "b.anonymous=true");
        assertInvalid("not ok", "not ok.anonymous=true");
        assertInvalid("a.limits.max-connections=0: 1 at least", "a.limits.max-connections=0");
        assertInvalid("a.limits.max-user-connections=-1: 1 at least", "a.limits.max-user-connections=-1");
        assertInvalid("have a key in common", "a.api-keys=one,two", "b.api-keys=three,two");
    }

    @Test
    void origins() {
        assertInvalid("a.allowed-origins: 'acme.com' is not scheme://host", "a.allowed-origins=acme.com");
        assertInvalid("'https://acme.com/' is not", "a.allowed-origins=https://acme.com/");
        assertInvalid("'https://*.force.com' is not", "a.allowed-origins=https://*.force.com");
        assertInvalid("a.allowed-origins=* stands alone", "a.allowed-origins=*");
        assertInvalid("a.allowed-origins=* stands alone", "a.anonymous=true", "a.allowed-origins=*,https://acme.com");
    }

    @Test
    void issuers() {
        assertInvalid("a.issuers.x has no key", "a.issuers.x.issuer=org");
        assertInvalid(
                "have no issuer, so their tokens cannot be told apart",
                "a.issuers.x.hmac-secret=" + SECRET,
                "b.issuers.x.hmac-secret=" + SECRET + "!");
        assertInvalid(
                ".issuer=org is another issuer's too",
                "a.issuers.x.issuer=org",
                "a.issuers.x.hmac-secret=" + SECRET,
                "b.issuers.y.issuer=org",
                "b.issuers.y.hmac-secret=" + SECRET + "!");
        assertInvalid(
                "have a shared secret in common",
                "a.issuers.x.issuer=org-a",
                "a.issuers.x.hmac-secret=" + SECRET,
                "b.issuers.x.issuer=org-b",
                "b.issuers.x.hmac-secret=" + SECRET);
    }

    @Test
    void keys(@TempDir Path folder) throws IOException {
        Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "rubbish");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");

        assertInvalid("a.issuers.x.hmac-secret: a shared secret of 5 bytes", "a.issuers.x.hmac-secret=short");
        assertInvalid("a.issuers.x.hmac-secret-file: " + empty, "a.issuers.x.hmac-secret-file=" + empty);
        assertInvalid("a.issuers.x.public-keys: no certificate", "a.issuers.x.public-keys=rubbish");
        assertInvalid(
                "a.issuers.x.public-keys: a broken certificate",
                "a.issuers.x.public-keys="
                        + Signer.pem("CERTIFICATE", "no certificate".getBytes(StandardCharsets.UTF_8)));
        assertInvalid(
                "a.issuers.x.public-keys: a broken certificate",
                "a.issuers.x.public-keys=" + Signer.pem("PUBLIC KEY", new byte[] {1, 2, 3}));
        assertInvalid(
                "a.issuers.x.public-keys: an RSA key of 1024 bits",
                "a.issuers.x.public-keys=" + Signer.pem(Signer.newRsa(1024).getPublic()));
        assertInvalid(
                "a.issuers.x.public-keys: neither an RSA key nor",
                "a.issuers.x.public-keys="
                        + Signer.pem(Signer.newEc("secp384r1").getPublic()));
        assertInvalid("a.issuers.x.public-key-files: /nowhere cannot be read", "a.issuers.x.public-key-files=/nowhere");
        assertInvalid("a.issuers.x.public-key-files: " + rubbish, "a.issuers.x.public-key-files=" + rubbish);
        assertInvalid("a.issuers.x.jwks-url is no address", "a.issuers.x.jwks-url=file:/etc/keys");
        assertInvalid("a.issuers.x.jwks-url is no address", "a.issuers.x.jwks-url=not an address");
        assertInvalid(
                "a.issuers.x.jwks-refresh=PT1S is shorter than PT10S",
                "a.issuers.x.jwks-url=https://acme.my.salesforce.com/id/keys",
                "a.issuers.x.jwks-refresh=1s");
    }

    @Test
    void namespaces() {
        assertInvalid(
                "a.namespaces.sf: publish=anybody: without salesforce-publish clients never publish to /event/",
                "a.namespaces.sf.prefix=/event/",
                "a.namespaces.sf.publish=anybody");
        assertInvalid(
                "a.namespaces.sf: publish=anybody: without salesforce-publish clients never publish to /data/",
                "a.namespaces.sf.prefix=/data/",
                "a.namespaces.sf.publish=anybody");
        for (String prefix : List.of("/data/", "/", "chat:", "/event")) {
            assertInvalid(
                    "a.namespaces.sf: salesforce-publish=true is for platform events, whose prefix begins with /event/: "
                            + prefix,
                    "a.namespaces.sf.prefix=" + prefix,
                    "a.namespaces.sf.salesforce-publish=true");
        }
        assertInvalid(
                "a.namespaces.n: History needs both", "a.namespaces.n.prefix=n:", "a.namespaces.n.history-size=5");
        assertInvalid(
                "a.namespaces.n: recovery=cache needs a history-size",
                "a.namespaces.n.prefix=n:",
                "a.namespaces.n.recovery=cache");
        assertInvalid(
                "a.namespaces.n: push-join-leave needs join-leave",
                "a.namespaces.n.prefix=n:",
                "a.namespaces.n.push-join-leave=true");
        assertInvalid(
                "a.namespaces.n: subscribe=subscribers",
                "a.namespaces.n.prefix=n:",
                "a.namespaces.n.subscribe=subscribers");
        assertInvalid("a.namespaces.n: A rate", "a.namespaces.n.prefix=n:", "a.namespaces.n.publish-rate=0");
        assertInvalid(
                "a.namespaces.n: personal=user and subscribe=nobody",
                "a.namespaces.n.prefix=n:",
                "a.namespaces.n.personal=user",
                "a.namespaces.n.subscribe=nobody");
        assertInvalid(
                "a.namespaces.n: personal=client: history and presence are for nobody or for subscribers",
                "a.namespaces.n.prefix=n:",
                "a.namespaces.n.personal=client",
                "a.namespaces.n.history=anybody");
        assertInvalid("a.namespaces: 2 have the prefix n:", "a.namespaces.n.prefix=n:", "a.namespaces.m.prefix=n:");
    }

    @Test
    void whatIsConfiguredIsWhatATenantIs() {
        // given
        var tenants = tenants(
                "acme.limits.max-connections=1000",
                "acme.api-keys=one,two",
                "acme.namespaces.state.prefix=state:",
                "acme.namespaces.state.recovery=cache",
                "acme.namespaces.state.history-size=1",
                "acme.namespaces.state.history-ttl=1h",
                "acme.namespaces.state.presence-enabled=true",
                "acme.namespaces.state.join-leave=true",
                "acme.namespaces.state.push-join-leave=true",
                "acme.namespaces.state.slow-consumer=latest",
                "acme.namespaces.state.publish-rate=5");

        // then
        Tenant acme = tenants.tenant("acme");
        assertThat(acme.limits()).isEqualTo(new TenantLimits(OptionalInt.of(1000), OptionalInt.empty()));
        assertThat(tenants.byApiKey("two")).contains(acme);
        assertThat(tenants.byApiKey("tw")).isEmpty();
        assertThat(tenants.byApiKey("")).isEmpty();
        ChannelRules rules = acme.namespaceOf("state:x").orElseThrow().rules();
        assertThat(rules.recovery()).isEqualTo(RecoveryMode.CACHE);
        assertThat(rules.presence() && rules.joinLeave() && rules.pushJoinLeave())
                .isTrue();
        assertThat(rules.slowConsumer()).isEqualTo(SlowConsumer.LATEST);
        assertThat(rules.publishRate()).contains(new Rate(5, 10));
    }

    private static TenantDirectory tenants(String... lines) {
        return Verifiers.tenants(config(lines));
    }

    private static void assertInvalid(String message, String... lines) {
        assertThatThrownBy(() -> Verifiers.of(config(lines)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(SECRET);
    }

    private static Map<String, String> config(String... lines) {
        var config = new HashMap<String, String>();
        for (String line : lines) {
            int dot = line.indexOf('.');
            int equals = line.indexOf('=');
            config.put(
                    "lightline.tenants.\"" + line.substring(0, dot) + "\"" + line.substring(dot, equals),
                    line.substring(equals + 1));
        }
        return config;
    }
}
