package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** HTTP as {@code curl} does it: headers, a JSON body, an answer. Blocks. */
final class Http {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Http() {}

    static HttpResponse<String> get(URI uri) {
        return exchange(HttpRequest.newBuilder(uri).GET());
    }

    static HttpResponse<String> send(String method, URI uri, String header, String value, JsonNode body) {
        return send(method, uri, List.of(header, value), body);
    }

    /** @param headers name and value of each, one after the other */
    static HttpResponse<String> send(String method, URI uri, List<String> headers, JsonNode body) {
        return exchange(HttpRequest.newBuilder(uri)
                .headers(headers.toArray(String[]::new))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    private static HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
