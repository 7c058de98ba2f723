package io.lightline.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks an org by REST what is left of its limits; each question is one of its API requests of the day. Does not block. */
final class OrgLimits {

    private static final String PATH = "/services/data/v66.0/limits";
    private static final String DELIVERIES = "DailyDeliveredPlatformEvents";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final TokenSource tokens;

    OrgLimits(HttpClient http, TokenSource tokens) {
        this.http = http;
        this.tokens = tokens;
    }

    /** Fails when the org cannot be asked, or does not show its limits to our user. */
    CompletionStage<DeliveryAllowance> deliveries() {
        return tokens.token().thenCompose(this::ask);
    }

    private CompletionStage<DeliveryAllowance> ask(Token token) {
        URI endpoint = URI.create(token.instanceUrl().toString().replaceFirst("/+$", "") + PATH);
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + token.accessToken())
                .header("Accept", "application/json")
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            if (answer.statusCode() == UNAUTHORIZED) {
                tokens.invalidate(token);
            }
            if (answer.statusCode() != OK) {
                throw new IllegalStateException(endpoint + " answered " + answer.statusCode());
            }
            return allowance(endpoint, answer.body());
        });
    }

    private static DeliveryAllowance allowance(URI endpoint, String body) {
        try {
            JsonNode limit = JSON.readTree(body).path(DELIVERIES);
            if (!limit.path("Max").isNumber() || !limit.path("Remaining").isNumber()) {
                throw new IllegalStateException(endpoint + " answered without " + DELIVERIES);
            }
            return new DeliveryAllowance(
                    limit.path("Max").asLong(), limit.path("Remaining").asLong());
        } catch (JsonProcessingException e) {
            throw new CompletionException(endpoint + " did not answer with JSON", e);
        }
    }
}
