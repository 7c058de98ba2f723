package io.lightline.salesforce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of a PEM file, to be trusted instead of the JVM's. */
final class TrustedCertificates {

    private final TrustManagerFactory managers;

    private TrustedCertificates(TrustManagerFactory managers) {
        this.managers = managers;
    }

    /** @throws IllegalArgumentException when the file cannot be read or holds no certificate */
    static TrustedCertificates in(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("trusted-" + trusted.size(), certificate);
            }
            if (trusted.size() == 0) {
                throw new IllegalArgumentException("trust-certificate-file holds no certificate: " + file);
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            return new TrustedCertificates(managers);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("trust-certificate-file cannot be read: " + file + ": " + e, e);
        }
    }

    TrustManagerFactory managers() {
        return managers;
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM offers no TLS", e);
        }
    }
}
