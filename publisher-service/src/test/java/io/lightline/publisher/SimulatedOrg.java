package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The simulator's demo org: publishes by REST, and tells what stands on its bus. */
final class SimulatedOrg implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("Simulator ready http=(\\d+) grpc=(\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final JavaProcess process;
    private final String url;
    private final int grpcPort;

    private SimulatedOrg(JavaProcess process, MatchResult ports) {
        this.process = process;
        this.url = "http://127.0.0.1:" + ports.group(1);
        this.grpcPort = Integer.parseInt(ports.group(2));
    }

    /** @param more configuration of the simulator */
    static SimulatedOrg start(Map<String, String> more) {
        var properties = new HashMap<>(more);
        properties.put("quarkus.http.port", "0");
        properties.put("quarkus.grpc.server.port", "0");
        properties.put("lightline.simulator.streaming.port", "0");
        var process = JavaProcess.start(Path.of("..", "salesforce-simulator"), properties);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(process.isAlive()).as("%s", process.output()).isTrue();
            assertThat(ports(process)).isPresent();
        });
        return new SimulatedOrg(process, ports(process).orElseThrow());
    }

    private static Optional<MatchResult> ports(JavaProcess process) {
        return process.output().stream()
                .map(READY::matcher)
                .flatMap(line -> line.results())
                .findFirst();
    }

    /** The configuration of a publisher that reads topics of this org under a name of its own. */
    Map<String, String> asOrg(String name, String topics) {
        String org = "lightline.publisher.orgs." + name + ".";
        return Map.of(
                org + "topics", topics,
                org + "login-url", url,
                org + "client-id", "demo-client",
                org + "client-secret", "demo-secret",
                org + "endpoint-host", "127.0.0.1",
                org + "endpoint-port", "" + grpcPort,
                org + "plaintext", "true",
                org + "settle-time", "0s",
                org + "retry-delay", "50ms");
    }

    void publish(String event, String fields) {
        post("/services/data/v66.0/sobjects/" + event, fields);
    }

    void publishUndecodable(String topic) {
        post("/simulator/orgs/demo/undecodable", "{\"topic\": \"" + topic + "\"}");
    }

    void resetBus() {
        post("/simulator/orgs/demo/bus/reset", "");
    }

    void blackHole(boolean on) {
        post("/simulator/orgs/demo/black-hole?on=" + on, "");
    }

    /** All subscriptions to a topic that it remembers, in their order. */
    List<JsonNode> streams(String topic) {
        return list("/simulator/orgs/demo/streams/history?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8));
    }

    /** Topics of the subscriptions that are open. */
    List<String> openStreams() {
        return list("/simulator/orgs/demo/streams").stream()
                .map(stream -> stream.path("topic").asText())
                .toList();
    }

    /** What is published from then on is not too early for a subscription to the latest events. */
    void awaitSubscribers(String... topics) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(openStreams()).contains(topics));
    }

    void forgetEndedStreams() {
        send("DELETE", "/simulator/orgs/demo/streams/history", "");
    }

    /** When two subscriptions to one topic were open at once. */
    List<JsonNode> overlaps() {
        return list("/simulator/orgs/demo/streams/overlaps");
    }

    private List<JsonNode> list(String path) {
        return StreamSupport.stream(json(send("GET", path, "")).spliterator(), false)
                .toList();
    }

    void publishOrder(String number) {
        post("/services/data/v66.0/sobjects/Order__e", "{\"OrderNumber__c\": \"" + number + "\", \"Amount__c\": 12.5}");
    }

    /** @return the new record's id */
    String createAccount(String fields) {
        return json(post("/services/data/v66.0/sobjects/Account", fields))
                .path("id")
                .asText();
    }

    void updateAccount(String id, String fields) {
        send("PATCH", "/services/data/v66.0/sobjects/Account/" + id, fields);
    }

    /** Ids of the topic's events on the bus, in their order. */
    List<String> eventIds(String topic) {
        String path = "/simulator/orgs/demo/events?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8);
        return StreamSupport.stream(json(send("GET", path, "")).spliterator(), false)
                .map(event -> event.path("id").asText())
                .toList();
    }

    void endStreams(String status) {
        post("/simulator/orgs/demo/streams/end?status=" + status, "");
    }

    void expireTokens() {
        post("/simulator/orgs/demo/tokens/expire", "");
    }

    private String post(String path, String body) {
        return send("POST", path, body);
    }

    private String send(String method, String path, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .header("Authorization", "Bearer demo")
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isBetween(200, 299);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
