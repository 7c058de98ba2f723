package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Of {@code 127.0.0.1}, signed by itself: {@code tls.crt}, {@code tls.key}, and {@code tls.pem} with both, in one folder. */
record Certificate(Path folder) {

    /** Makes one with openssl. */
    static Certificate in(Path folder) throws IOException {
        var openssl = InstalledProgram.require("openssl")
                .run(
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        folder.resolve("tls.key").toString(),
                        "-out",
                        folder.resolve("tls.crt").toString());
        assertThat(openssl).as(openssl.output()).returns(0, InstalledProgram.Outcome::exitCode);
        Files.writeString(
                folder.resolve("tls.pem"),
                Files.readString(folder.resolve("tls.crt")) + Files.readString(folder.resolve("tls.key")));
        return new Certificate(folder);
    }

    Path file() {
        return folder.resolve("tls.crt");
    }

    /** For clients that trust nothing else. */
    SSLContext trust() throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream in = Files.newInputStream(file())) {
            trusted.setCertificateEntry(
                    "proxy", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
