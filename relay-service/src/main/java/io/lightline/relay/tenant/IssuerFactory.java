package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TenantConfig.IssuerConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * Makes issuers of their configuration. Reads their files, so that a wrong one stops the start.
 *
 * @param http for key sets; asked for only when there is one
 */
record IssuerFactory(InstantSource clock, TokenMetrics metrics, Supplier<HttpClient> http) {

    private static final Logger LOG = Logger.getLogger(IssuerFactory.class);
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    /** @param key of the configuration, for messages */
    Issuer issuer(Tenant tenant, String key, IssuerConfig config) {
        List<VerificationKey> keys = Stream.concat(
                        config.hmacSecret().stream()
                                .flatMap(secret -> decoded(key + ".hmac-secret", secret, IssuerFactory::secret)),
                        config.publicKeys().stream()
                                .flatMap(List::stream)
                                .flatMap(pem -> decoded(key + ".public-keys", pem, Pem::keys)))
                .toList();
        List<KeySource> sources = Stream.of(
                        config.hmacSecretFile().stream()
                                .map(file -> file(key + ".hmac-secret-file", file, IssuerFactory::secretLine)),
                        config.publicKeyFiles().stream()
                                .flatMap(List::stream)
                                .map(file -> file(key + ".public-key-files", file, Pem::keys)),
                        config.jwksUrl().stream().map(url -> jwks(key, url, config.jwksRefresh())))
                .flatMap(source -> source)
                .toList();
        if (keys.isEmpty() && sources.isEmpty()) {
            throw new ConfigurationException(
                    key + " has no key: hmac-secret, hmac-secret-file, public-keys, public-key-files or jwks-url");
        }
        return new Issuer(tenant, config.issuer(), config.audience(), keys, sources);
    }

    private static Stream<VerificationKey> decoded(
            String key, String text, Function<String, List<VerificationKey>> decoder) {
        try {
            return decoder.apply(text).stream();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(key + ": " + e.getMessage());
        }
    }

    private static List<VerificationKey> secret(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return List.of(VerificationKey.of(new SecretKeySpec(bytes, "HmacSHA256"), null));
    }

    /** Editors end a file with a line break that belongs to no secret. */
    private static List<VerificationKey> secretLine(String text) {
        return secret(text.replaceFirst("\\R\\z", ""));
    }

    private KeySource file(String key, Path path, Function<String, List<VerificationKey>> decoder) {
        var file = new KeyFile(path, decoder);
        try {
            return new KeySource(key, file, file.readNow(), KeySource.PAUSE, clock, metrics);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ConfigurationException(key + ": " + e.getMessage());
        }
    }

    private KeySource jwks(String key, String url, Duration refresh) {
        String name = key + ".jwks-url";
        if (refresh.compareTo(KeySource.PAUSE) < 0) {
            throw new ConfigurationException(key + ".jwks-refresh=" + refresh + " is shorter than " + KeySource.PAUSE);
        }
        return new KeySource(name, new Jwks(http.get(), address(name, url)), List.of(), refresh, clock, metrics);
    }

    /** Who can change the answer can sign tokens. */
    private static URI address(String name, String url) {
        URI address = uri(name, url);
        if ("http".equals(address.getScheme()) && !LOCAL.contains(address.getHost())) {
            LOG.warnf("Keys are fetched without TLS, so the network is trusted source=%s", name);
        }
        return address;
    }

    private static URI uri(String name, String url) {
        try {
            URI address = new URI(url);
            if (address.getHost() != null && Set.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new ConfigurationException(name + " is no address of the form https://host/path");
    }
}
