package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.localstack.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A replica of the packaged publisher. */
final class PublisherProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path HERE = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int management;
    private final JavaProcess process;

    private PublisherProcess(int management, JavaProcess process) {
        this.management = management;
        this.process = process;
    }

    static PublisherProcess start(Map<String, String> properties) {
        int management = FreePort.next();
        var all = new HashMap<>(properties);
        all.put("quarkus.management.host", "127.0.0.1");
        all.put("quarkus.management.port", "" + management);
        return new PublisherProcess(management, JavaProcess.start(HERE, all));
    }

    void awaitReady() {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(process.isAlive()).as("%s", process.output()).isTrue();
            assertThat(health()).as("%s", process.output()).isEqualTo(200);
        });
    }

    /** The readiness' status; 0 while nobody answers. */
    int health() {
        return get("/q/health/ready").map(HttpResponse::statusCode).orElse(0);
    }

    /** What it says of a topic, by the topic's name behind its org's: {@code acme:/event/Order__e}. */
    String state(String topic) {
        return get("/q/health/ready")
                .map(answer -> SimulatedOrg.json(answer.body()))
                .map(health -> topics(health).path(topic).asText())
                .orElse("");
    }

    private static JsonNode topics(JsonNode health) {
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().equals("topics")) {
                return check.path("data");
            }
        }
        return health.path("no such check");
    }

    /** The topics that it reads, with their org's name. */
    Set<String> reads() {
        var topics = new TreeSet<String>();
        metrics()
                .lines()
                .filter(line -> line.startsWith("lightline_salesforce_leader{") && line.endsWith(" 1.0"))
                .forEach(line -> topics.add(label(line, "org") + ":" + label(line, "topic")));
        return topics;
    }

    private static String label(String line, String name) {
        return line.replaceFirst(".*" + name + "=\"([^\"]*)\".*", "$1");
    }

    String metrics() {
        return get("/q/metrics").map(HttpResponse::body).orElse("");
    }

    /** A counter's or gauge's value, by its name and labels as Prometheus writes them; 0 when it is not there. */
    double metric(String nameAndLabels) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private Optional<HttpResponse<String>> get(String path) {
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    List<String> output() {
        return process.output();
    }

    /** {@code kill -9}. */
    void kill() {
        process.kill();
    }

    /** Waits for the end that the process comes to by itself. */
    int awaitExit() {
        return process.awaitExit();
    }

    /** {@code SIGTERM}, and waits. */
    @Override
    public void close() {
        process.close();
        http.close();
    }
}
