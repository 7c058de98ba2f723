package io.lightline.relay.tenant;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/** Keys behind an address (RFC 7517 §5). Keys that we have no use for are passed over, so that others may be published there. */
record Jwks(HttpClient http, URI address) implements KeyReader {

    /** Of the whole exchange: those who connect wait for it. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int OK = 200;
    private static final long MAX_BYTES = 256 * 1024;

    @Override
    public CompletionStage<List<VerificationKey>> read() {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        return http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES))
                .thenApply(Jwks::keys);
    }

    private static List<VerificationKey> keys(HttpResponse<String> response) {
        if (response.statusCode() != OK) {
            throw new IllegalStateException("HTTP status " + response.statusCode());
        }
        List<VerificationKey> keys =
                parsed(response.body()).stream().flatMap(Jwks::key).toList();
        if (keys.isEmpty()) {
            throw new IllegalStateException("no RSA key and no EC key on P-256 in the set");
        }
        return keys;
    }

    private static List<JsonWebKey> parsed(String json) {
        try {
            return new JsonWebKeySet(json).getJsonWebKeys();
        } catch (JoseException e) {
            throw new IllegalStateException("no JSON Web Key Set", e);
        }
    }

    /** A shared secret has no business in a public place, and never counts. */
    private static Stream<VerificationKey> key(JsonWebKey found) {
        if (!(found instanceof PublicJsonWebKey key) || Use.ENCRYPTION.equals(key.getUse())) {
            return Stream.empty();
        }
        try {
            PublicKey usable = key.getPublicKey();
            return Stream.of(VerificationKey.of(usable, key.getKeyId()));
        } catch (IllegalArgumentException unusable) {
            return Stream.empty();
        }
    }
}
