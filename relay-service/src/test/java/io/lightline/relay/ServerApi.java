package io.lightline.relay;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import io.smallrye.jwt.build.Jwt;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/**
 * A tenant's back end: it has an API key, and signs tokens for its users.
 *
 * @param tenant whose name is the issuer of its tokens, and with {@code -key} and {@code -secret…} its key and its secret
 */
record ServerApi(String tenant) {

    private static final String SECRET = "-secret-that-is-long-enough-for-HS256";

    /** What a relay must know of the tenant. */
    Map<String, String> config() {
        String prefix = "lightline.tenants." + tenant + ".";
        return Map.ofEntries(
                Map.entry(prefix + "api-keys", tenant + "-key"),
                Map.entry(prefix + "allowed-origins", SocketClient.ORIGIN),
                Map.entry(prefix + "issuers.app.issuer", tenant),
                Map.entry(prefix + "issuers.app.hmac-secret", tenant + SECRET),
                Map.entry(prefix + "namespaces.chat.prefix", "chat:"),
                Map.entry(prefix + "namespaces.chat.publish", "anybody"),
                Map.entry(prefix + "namespaces.chat.presence-enabled", "true"),
                Map.entry(prefix + "namespaces.chat.history-size", "100"),
                Map.entry(prefix + "namespaces.chat.history-ttl", "10m"),
                Map.entry(prefix + "namespaces.plain.prefix", "plain:"),
                Map.entry(prefix + "namespaces.own.prefix", "own:"),
                Map.entry(prefix + "namespaces.own.personal", "user"));
    }

    ValidatableResponse asks(String method, String body) {
        return given().header("X-API-Key", tenant + "-key")
                .contentType("application/json")
                .body(body)
                .post("/api/" + method)
                .then();
    }

    /** As {@link #asks}, and it works. */
    ValidatableResponse does(String method, String body) {
        return asks(method, body).statusCode(200).body("error", nullValue());
    }

    String token(String user, Instant issued) {
        return Jwt.claims()
                .issuer(tenant)
                .subject(user)
                .issuedAt(issued)
                .expiresAt(Instant.now().plusSeconds(3600))
                .sign(new SecretKeySpec((tenant + SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    }

    /** A connection of a user, whose token is a minute old. */
    SocketClient connect(URI server, String user) {
        return SocketClient.connect(server, token(user, Instant.now().minusSeconds(60)));
    }
}
