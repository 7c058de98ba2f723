package io.lightline.salesforce.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.salesforce.auth.Credentials.ClientCredentials;
import io.lightline.salesforce.auth.Credentials.FixedToken;
import io.lightline.salesforce.auth.Credentials.JwtBearer;
import io.lightline.salesforce.auth.Credentials.Secret;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.util.KeyUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Logs in at Salesforce's token endpoint. The org's id is read from the {@code id} URL of the answer
 * ({@code …/id/<org>/<user>}), or asked for at {@code userinfo} when there is none.
 */
public final class OAuthLogin implements Login {

    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Pattern ID_URL = Pattern.compile(".*/id/([A-Za-z0-9]{15,18})/([^/]+)/?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Credentials credentials;
    private final HttpClient http;

    public OAuthLogin(Credentials credentials, HttpClient http) {
        this.credentials = credentials;
        this.http = http;
    }

    @Override
    public Token login() {
        return switch (credentials) {
            case FixedToken(var token) -> token;
            case ClientCredentials(var url, var clientId, var secret) ->
                exchange(
                        url,
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                clientId,
                                "client_secret",
                                reveal(secret)));
            case JwtBearer(var url, var clientId, var username, var key) ->
                exchange(
                        url,
                        Map.of(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                "assertion",
                                assertion(url, clientId, username, key)));
        };
    }

    private Token exchange(URI loginUrl, Map<String, String> form) {
        URI endpoint = below(loginUrl, "/services/oauth2/token");
        JsonNode answer = ask(HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
        String accessToken = text(answer, "access_token", endpoint);
        URI instance = uri(text(answer, "instance_url", endpoint), endpoint);
        var id = ID_URL.matcher(answer.path("id").asText(""));
        return id.matches()
                ? new Token(accessToken, instance, id.group(1), id.group(2))
                : new Token(accessToken, instance, organization(instance, accessToken));
    }

    private String organization(URI instance, String accessToken) {
        URI endpoint = below(instance, "/services/oauth2/userinfo");
        JsonNode answer = ask(HttpRequest.newBuilder(endpoint)
                .header("Authorization", "Bearer " + accessToken)
                .GET());
        return text(answer, "organization_id", endpoint);
    }

    private JsonNode ask(HttpRequest.Builder request) {
        HttpRequest built = request.timeout(ANSWER_LIMIT)
                .header("Accept", "application/json")
                .build();
        try {
            HttpResponse<String> response =
                    http.send(built, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != 200) {
                throw LoginRefusal.of(built.uri(), response.statusCode(), response.body())
                        .failure();
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            // Its message quotes the body, which holds a token.
            throw new LoginFailedException(built.uri() + " did not answer with JSON (check login-url)", false);
        } catch (IOException e) {
            throw new LoginFailedException(built.uri() + " cannot be reached: " + e, true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoginFailedException("Interrupted while " + built.uri() + " was asked", true, e);
        }
    }

    private static String assertion(URI loginUrl, String clientId, String username, Path key) {
        return Jwt.issuer(clientId)
                .subject(username)
                .audience(below(loginUrl, "").toString())
                .expiresIn(ASSERTION_LIFE)
                .sign(privateKey(key));
    }

    private static PrivateKey privateKey(Path file) {
        try {
            return KeyUtils.decodePrivateKey(read(file));
        } catch (GeneralSecurityException e) {
            throw new LoginFailedException("No RSA private key in PEM form in " + file, false, e);
        }
    }

    private static String reveal(Secret secret) {
        return switch (secret) {
            case Secret.Literal(var value) -> value;
            case Secret.InFile(var file) -> read(file).strip();
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LoginFailedException("Cannot read " + file, false, e);
        }
    }

    private static String text(JsonNode answer, String field, URI endpoint) {
        String value = answer.path(field).asText("");
        if (value.isEmpty()) {
            throw new LoginFailedException(endpoint + " answered without " + field, true);
        }
        return value;
    }

    private static URI uri(String text, URI endpoint) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new LoginFailedException(endpoint + " answered with an instance_url that is none: " + text, true, e);
        }
    }

    private static URI below(URI base, String path) {
        return URI.create(base.toString().replaceFirst("/+$", "") + path);
    }

    private static String encode(Map<String, String> form) {
        return new TreeMap<>(form)
                .entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }
}
