package io.lightline.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed certificate and its key, as Setup → Certificate and Key Management makes one for an org. Both are PEM.
 *
 * @param certificate what an administrator downloads and gives to the relay
 * @param privateKey what never leaves the org
 */
record OrgCertificate(String certificate, String privateKey) {

    private static final long LIMIT_SECONDS = 60;

    /** Made by openssl, new each time. */
    static OrgCertificate of(String org) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "certificates"));
            Path certificate = folder.resolve(org + ".crt");
            Path privateKey = folder.resolve(org + ".key");
            Path log = folder.resolve(org + ".log");
            Process openssl = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-sha256",
                            "-days",
                            "365",
                            "-subj",
                            "/CN=" + org,
                            "-keyout",
                            privateKey.toString(),
                            "-out",
                            certificate.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!openssl.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
                openssl.destroyForcibly();
                throw new IllegalStateException("openssl: " + Files.readString(log));
            }
            return new OrgCertificate(Files.readString(certificate), Files.readString(privateKey));
        } catch (IOException e) {
            throw new IllegalStateException("openssl is needed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
