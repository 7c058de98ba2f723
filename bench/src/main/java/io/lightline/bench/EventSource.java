package io.lightline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The simulated org as a source of events; it makes them in its own process. Its methods block. */
final class EventSource {

    static final String TOPIC = "/event/Order__e";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CREATED = 201;

    private final URI loads;

    /** @param simulator address of its control API */
    EventSource(URI simulator) {
        this.loads = simulator.resolve("/simulator/orgs/demo/load");
    }

    /** What was asked for, and what has become of it so far. */
    record Load(String id, long produced, double eventsPerSecond, boolean running) {}

    /**
     * Starts to publish.
     *
     * @param rate events a second; 0 for as fast as its subscribers take them
     * @param bytes of a payload
     * @return its name
     */
    String start(double rate, int bytes, long count) {
        ObjectNode order =
                JSON.createObjectNode().put("topic", TOPIC).put("bytes", bytes).put("count", count);
        if (rate > 0) {
            order.put("eventsPerSecond", rate);
        }
        HttpResponse<String> answer = exchange(HttpRequest.newBuilder(loads)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order.toString())));
        if (answer.statusCode() != CREATED) {
            throw new IllegalStateException("The simulator refuses a load: " + answer.body());
        }
        return load(answer).id();
    }

    Load look(String id) {
        return load(exchange(HttpRequest.newBuilder(URI.create(loads + "/" + id))));
    }

    private static Load load(HttpResponse<String> answer) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            return new Load(
                    json.path("id").asText(),
                    json.path("produced").asLong(),
                    json.path("eventsPerSecond").asDouble(),
                    json.path("running").asBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException(answer.body(), e);
        }
    }

    private static HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("No simulator", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
