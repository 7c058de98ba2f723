package io.lightline.samples.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.FreePort;
import io.lightline.localstack.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packaged sample and the packaged simulator, each a process of its own. */
class SampleIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path RUN = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private final int salesforce = FreePort.next();
    private final int pubSub = FreePort.next();
    private final int own = FreePort.next();
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ServiceProcess simulator = new ServiceProcess(
            new ServiceProcess.Settings(
                    "simulator",
                    Path.of("..", "..", "salesforce-simulator").resolve(RUN),
                    Map.of(
                            "quarkus.http.host",
                            "127.0.0.1",
                            "quarkus.http.port",
                            "" + salesforce,
                            "quarkus.grpc.server.host",
                            "127.0.0.1",
                            "lightline.simulator.streaming.port",
                            "0",
                            "quarkus.grpc.server.port",
                            "" + pubSub),
                    uri(salesforce, "/services/data")),
            (_, _) -> {});
    private final ServiceProcess sample = new ServiceProcess(
            new ServiceProcess.Settings(
                    "sample",
                    RUN,
                    Map.of(
                            "quarkus.http.host",
                            "127.0.0.1",
                            "quarkus.http.port",
                            "" + own,
                            "mp.messaging.incoming.orders.login-url",
                            uri(salesforce, "").toString(),
                            "mp.messaging.incoming.orders.endpoint-port",
                            "" + pubSub,
                            "mp.messaging.incoming.orders.settle-time",
                            "PT0.2S"),
                    uri(own, "/q/health/ready")),
            (_, line) -> printed.add(line));

    @BeforeEach
    void start() {
        simulator.start();
        simulator.awaitReady();
        sample.start();
        sample.awaitReady();
    }

    @AfterEach
    void stop() {
        sample.close();
        simulator.close();
        http.close();
    }

    @Test
    void orderIsPrintedAndSeenInHealthAndMetrics() {
        // when
        int status = post("/services/data/v66.0/sobjects/Order__e", "{\"OrderNumber__c\": \"A-7\"}");

        // then
        assertThat(status).isEqualTo(201);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(printed)
                        .anySatisfy(line -> assertThat(line).contains("Order__e {", "\"OrderNumber__c\":\"A-7\"")));
        assertThat(get("/q/health/live")).contains("\"orders\": \"[OK] - /event/Order__e streaming\"");
        assertThat(get("/q/health/ready")).contains("\"orders\": \"[OK] - /event/Order__e streaming\"");
        assertThat(get("/q/health/started")).contains("\"orders\": \"[OK] - /event/Order__e streaming\"");
        assertThat(get("/q/metrics"))
                .contains("lightline_salesforce_delivered_total{org=\"orders\",topic=\"/event/Order__e\"} 1.0")
                .contains("lightline_salesforce_ready{org=\"orders\",topic=\"/event/Order__e\"} 1.0");
    }

    @Test
    void streamThatSalesforceEndsGoesOn() {
        // given
        post("/services/data/v66.0/sobjects/Order__e", "{\"OrderNumber__c\": \"A-1\"}");
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(printed).anySatisfy(line -> assertThat(line).contains("\"A-1\"")));

        // when
        post("/simulator/orgs/demo/streams/end?status=UNAVAILABLE", "");
        post("/services/data/v66.0/sobjects/Order__e", "{\"OrderNumber__c\": \"A-2\"}");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(printed).anySatisfy(line -> assertThat(line).contains("\"A-2\"")));
        assertThat(get("/q/metrics"))
                .contains(
                        "lightline_salesforce_reconnects_total{cause=\"unavailable\",org=\"orders\",topic=\"/event/Order__e\"} 1.0");
    }

    private int post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(salesforce, path))
                        .header("Authorization", "Bearer demo")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    private String get(String path) {
        return send(HttpRequest.newBuilder(uri(own, path))).body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
