package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An org's self-signed certificate, as Salesforce's Setup makes it and hands it out. Here the JDK's keytool makes it. */
class CertificateTest {

    private static final String PASSWORD = "of a test";

    @TempDir
    Path folder;

    @Test
    void anOrgsCertificateChecksItsTokens() throws Exception {
        // given
        Signer org = newCertificate("org", "-validity", "365");

        // then
        assertThat(userOf(org, "org.crt")).isEqualTo("005000000000001AAA");
    }

    @Test
    void aCertificateIsTrustedAsLongAsItIsConfigured() throws Exception {
        // given
        Signer org = newCertificate("org", "-startdate", "-2y", "-validity", "1");

        // then
        assertThat(userOf(org, "org.crt")).isEqualTo("005000000000001AAA");
    }

    @Test
    void oldAndNewOneMayStandInOneFile() throws Exception {
        // given
        Signer before = newCertificate("before", "-validity", "365");
        Signer after = newCertificate("after", "-validity", "365");
        Files.writeString(
                folder.resolve("both.crt"),
                "subject=CN=Acme\n" + Files.readString(folder.resolve("before.crt")) + "\n"
                        + Files.readString(folder.resolve("after.crt")));

        // then
        assertThat(userOf(before, "both.crt")).isEqualTo("005000000000001AAA");
        assertThat(userOf(after, "both.crt")).isEqualTo("005000000000001AAA");
    }

    private String userOf(Signer signer, String file) throws Exception {
        TenantDirectory tenants = Verifiers.tenants(Map.of(
                "lightline.tenants.acme.issuers.org.public-key-files",
                folder.resolve(file).toString()));
        String token = signer.sign(Map.of(
                "sub",
                "005000000000001AAA",
                "exp",
                Instant.now().plusSeconds(60).getEpochSecond()));
        try (var issuers = Verifiers.issuers(tenants)) {
            return Verifiers.of(tenants, issuers)
                    .verify(token, Optional.empty())
                    .await()
                    .atMost(Duration.ofSeconds(10))
                    .id();
        }
    }

    private Signer newCertificate(String name, String... validity) throws Exception {
        Path store = folder.resolve(name + ".p12");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "org",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=Acme",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(List.of(validity));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Files.writeString(
                folder.resolve(name + ".crt"),
                Signer.pem("CERTIFICATE", keys.getCertificate("org").getEncoded()));
        return Signer.rsa((PrivateKey) keys.getKey("org", PASSWORD.toCharArray()));
    }
}
