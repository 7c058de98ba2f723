package io.lightline.relay.tenant;

import io.lightline.backplane.RawJson;
import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.util.KeyUtils;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a connection token into a {@link User}. The token's issuer chooses the tenant, the tenant's configuration the key and
 * the one algorithm that goes with it, so that a public key can never be taken for an HMAC secret. Checking a signature costs
 * tens of microseconds and blocks for nothing; callable from any thread. Made at the start, so that a wrong key stops it.
 */
@Startup
@Singleton
public final class TokenVerifier {

    /** RFC 7518 §3.2: a key as long as the hash. */
    private static final int LEAST_SECRET_BYTES = 32;

    private final List<Authority> authorities;
    private final Optional<Tenant> anonymous;

    TokenVerifier(TenantDirectory directory) {
        this.authorities = directory.configs().stream()
                .flatMap(entry -> authority(directory.tenant(entry.getKey()), entry.getValue()).stream())
                .toList();
        if (authorities.stream().filter(authority -> authority.issuer.isEmpty()).count() > 1) {
            throw new ConfigurationException(
                    "lightline.tenants.<id>.issuer: more than one tenant has keys and no issuer,"
                            + " so their tokens cannot be told apart");
        }
        var open = directory.all().stream().filter(Tenant::anonymous).toList();
        if (open.size() > 1) {
            throw new ConfigurationException("lightline.tenants.<id>.anonymous=true in more than one tenant: "
                    + open.stream().map(Tenant::id).sorted().toList());
        }
        this.anonymous = open.stream().findFirst();
    }

    /**
     * @param token as the client sent it; empty for an anonymous client
     * @throws TokenRefusedException when it lets nobody in
     */
    public User verify(String token) throws TokenRefusedException {
        if (token.isEmpty()) {
            return User.anonymousIn(anonymous.orElseThrow(() ->
                    new TokenRefusedException(Reason.INVALID, "no token, and no tenant lets anonymous clients in")));
        }
        Optional<String> issuer = issuerOf(token);
        Authority authority = authorities.stream()
                .filter(candidate -> candidate.issuer.equals(issuer))
                .findFirst()
                .or(() ->
                        authorities.stream().filter(one -> one.issuer.isEmpty()).findFirst())
                .orElseThrow(
                        () -> new TokenRefusedException(Reason.INVALID, "unknown issuer " + issuer.orElse("(none)")));
        return authority.verify(token);
    }

    /** Read before the signature is checked, only to choose the key that then checks it. */
    private static Optional<String> issuerOf(String token) throws TokenRefusedException {
        try {
            return Optional.ofNullable(new DefaultJWTParser().parseOnly(token).getIssuer());
        } catch (ParseException | RuntimeException e) {
            throw new TokenRefusedException(Reason.INVALID, "not a JWT");
        }
    }

    /** Who signs for a tenant. */
    private record Authority(Tenant tenant, Optional<String> issuer, List<JWTAuthContextInfo> keys) {

        User verify(String token) throws TokenRefusedException {
            TokenRefusedException refusal =
                    new TokenRefusedException(Reason.INVALID, "no key of tenant " + tenant.id());
            for (JWTAuthContextInfo key : keys) {
                try {
                    return user(new DefaultJWTParser(key).parse(token));
                } catch (ParseException e) {
                    refusal = refusal(e);
                    if (refusal.reason() == Reason.EXPIRED) {
                        break;
                    }
                }
            }
            throw refusal;
        }

        private static TokenRefusedException refusal(ParseException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidJwtException invalid && invalid.hasExpired()) {
                    return new TokenRefusedException(Reason.EXPIRED, "token expired");
                }
            }
            return new TokenRefusedException(Reason.INVALID, "signature or claims do not fit");
        }

        private User user(JsonWebToken token) {
            long expiry = token.getExpirationTime();
            return new User(
                    tenant,
                    Optional.ofNullable(token.getSubject()).orElse(""),
                    info(token),
                    expiry > 0 ? Instant.ofEpochSecond(expiry) : null);
        }

        private static @Nullable RawJson info(JsonWebToken token) {
            // smallrye-jwt gives claims as JSON-P values, whose text is JSON.
            Object info = token.getClaim("info");
            return info instanceof jakarta.json.JsonValue value ? RawJson.of(value.toString()) : null;
        }
    }

    private static Optional<Authority> authority(Tenant tenant, TenantConfig config) {
        var keys = new ArrayList<JWTAuthContextInfo>();
        config.hmacSecret().ifPresent(secret -> keys.add(context(config, hmac(tenant, secret))));
        publicKey(tenant, config).ifPresent(key -> keys.add(context(config, key)));
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new Authority(tenant, config.issuer(), List.copyOf(keys)));
    }

    private static JWTAuthContextInfo context(TenantConfig config, SecretKey key) {
        JWTAuthContextInfo context = claims(config);
        context.setSecretVerificationKey(key);
        context.setSignatureAlgorithm(Set.of(SignatureAlgorithm.HS256));
        return context;
    }

    private static JWTAuthContextInfo context(TenantConfig config, PublicKey key) {
        JWTAuthContextInfo context = claims(config);
        context.setPublicVerificationKey(key);
        context.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256));
        return context;
    }

    private static JWTAuthContextInfo claims(TenantConfig config) {
        var context = new JWTAuthContextInfo();
        config.issuer().ifPresent(context::setIssuedBy);
        config.audience().ifPresent(audience -> context.setExpectedAudience(Set.of(audience)));
        context.setRequireNamedPrincipal(false);
        return context;
    }

    private static SecretKey hmac(Tenant tenant, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < LEAST_SECRET_BYTES) {
            throw new ConfigurationException("lightline.tenants." + tenant.id() + ".hmac-secret has " + bytes.length
                    + " bytes; HS256 needs " + LEAST_SECRET_BYTES + " at least");
        }
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private static Optional<PublicKey> publicKey(Tenant tenant, TenantConfig config) {
        if (config.publicKey().isPresent() && config.publicKeyFile().isPresent()) {
            throw new ConfigurationException(
                    "lightline.tenants." + tenant.id() + " has both public-key and public-key-file: give one of them");
        }
        return config.publicKey()
                .map(pem -> decode(tenant, "public-key", pem))
                .or(() -> config.publicKeyFile()
                        .map(file -> decode(tenant, "public-key-file=" + file, read(tenant, file))));
    }

    private static PublicKey decode(Tenant tenant, String key, String pem) {
        try {
            return pem.contains("BEGIN CERTIFICATE") ? KeyUtils.decodeCertificate(pem) : KeyUtils.decodePublicKey(pem);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(
                    "lightline.tenants." + tenant.id() + "." + key + " is no RSA public key or certificate in PEM");
        }
    }

    private static String read(Tenant tenant, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "lightline.tenants." + tenant.id() + ".public-key-file=" + file + " cannot be read");
        }
    }
}
