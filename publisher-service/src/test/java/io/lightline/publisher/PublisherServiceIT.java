package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.backplane.Backplane;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RedisBackplane;
import io.lightline.backplane.Retention;
import io.lightline.backplane.TestConfig;
import io.lightline.localstack.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged publisher between a real Redis and the packaged simulator, each a process of its own. */
class PublisherServiceIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ORDERS = "/event/Order__e";
    private static final String ACCOUNTS = "/data/AccountChangeEvent";

    private final Vertx vertx = Vertx.vertx();
    private final RedisProcess redis = RedisProcess.start();
    private final SimulatedOrg org = SimulatedOrg.start(Map.of());
    private Backplane backplane;
    private PublisherProcess publisher;

    @BeforeEach
    void start() {
        backplane = new RedisBackplane(
                vertx, new RedisOptions().setConnectionString(redis.uri().toString()), TestConfig.defaults());
        publisher = startPublisher(Map.of());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(backplane.state().ready()).isTrue());
        publisher.awaitReady();
        org.awaitSubscribers(ORDERS, ACCOUNTS);
    }

    @AfterEach
    void stop() {
        publisher.close();
        org.close();
        backplane.close().await().atMost(LIMIT);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    @Test
    void platformEventsArriveOnceInOrderInEmpApisShape() {
        // when
        IntStream.range(0, 250).forEach(number -> org.publishOrder("A-" + number));

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS)).hasSize(250));
        assertThat(eventIds(ORDERS)).isEqualTo(org.eventIds(ORDERS));
        Publication first = publications(ORDERS).getFirst();
        JsonNode data = SimulatedOrg.json(first.draft().data().toString());
        assertThat(data.path("schema").asText()).isNotEmpty();
        assertThat(data.at("/payload/OrderNumber__c").asText()).isEqualTo("A-0");
        assertThat(data.at("/payload/Amount__c").asDouble()).isEqualTo(12.5);
        assertThat(data.at("/payload/CreatedDate").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(data.at("/event/EventApiName").asText()).isEqualTo("Order__e");
        assertThat(data.at("/event/EventUuid").asText())
                .isEqualTo(eventIds(ORDERS).getFirst());
        assertThat(first.draft().tags())
                .containsEntry("org", "00DLL00000000012AA")
                .containsEntry("topic", ORDERS)
                .containsEntry("replayId", data.at("/event/replayId").asText())
                .containsEntry("eventUuid", eventIds(ORDERS).getFirst());
    }

    @Test
    void changeEventsNameTheirFields() {
        // when
        String id = org.createAccount("{\"Name\": \"Acme\", \"Phone\": \"1\"}");
        org.updateAccount(id, "{\"Phone\": \"2\", \"ShippingStreet\": \"Main 1\"}");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ACCOUNTS)).hasSize(2));
        JsonNode created = data(ACCOUNTS, 0).path("payload");
        assertThat(created.at("/ChangeEventHeader/changeType").asText()).isEqualTo("CREATE");
        assertThat(created.path("Name").asText()).isEqualTo("Acme");
        JsonNode updated = data(ACCOUNTS, 1).path("payload");
        assertThat(updated.at("/ChangeEventHeader/changedFields"))
                .extracting(JsonNode::asText)
                .contains("Phone", "ShippingAddress.Street");
        assertThat(updated.at("/ShippingAddress/Street").asText()).isEqualTo("Main 1");
        assertThat(updated.path("Phone").asText()).isEqualTo("2");
        assertThat(updated.has("Name")).isFalse();
    }

    @Test
    void publisherKilledInMidStreamLosesAndRepeatsNothing() {
        // given: a checkpoint to go on from
        org.publishOrder("first");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS))
                        .as("%s", publisher.output())
                        .hasSize(1));
        Thread source = Thread.ofVirtual()
                .start(() -> IntStream.range(0, 400).forEach(number -> org.publishOrder("A-" + number)));

        // when
        for (int kills = 1; kills <= 2; kills++) {
            int before = kills * 60;
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThat(publications(ORDERS)).hasSizeGreaterThan(before));
            publisher.kill();
            publisher = startPublisher(Map.of());
        }

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS)).hasSize(401));
        assertThat(source.isAlive()).isFalse();
        assertThat(eventIds(ORDERS)).isEqualTo(org.eventIds(ORDERS)).doesNotHaveDuplicates();
    }

    @Test
    void endedStreamsExpiredTokensAndARedisOutageLoseAndRepeatNothing() {
        // given
        org.publishOrder("first");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS))
                        .as("%s", publisher.output())
                        .hasSize(1));

        // when
        publishSome("a");
        org.endStreams("OK");
        publishSome("b");
        org.expireTokens();
        org.endStreams("UNAVAILABLE");
        publishSome("c");
        redis.pause();
        publishSome("d");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(publisher.health()).isEqualTo(503));
        redis.resume();
        publishSome("e");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS)).hasSize(101));
        assertThat(eventIds(ORDERS)).isEqualTo(org.eventIds(ORDERS)).doesNotHaveDuplicates();
        publisher.awaitReady();
    }

    @Test
    void checkpointThatSomebodyElseMovedIsRespected() {
        // given
        org.publishOrder("first");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS))
                        .as("%s", publisher.output())
                        .hasSize(1));
        ChannelName channel = channel(ORDERS);
        Optional<String> current = backplane.checkpoint(channel).await().atMost(LIMIT);
        Publication only = publications(ORDERS).getFirst();

        // when: a second publisher, with a younger lease, has moved the checkpoint, to one that Salesforce knows as
        // well
        org.createAccount("{\"Name\": \"Acme\"}");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ACCOUNTS)).hasSize(1));
        String later = publications(ACCOUNTS).getFirst().draft().tags().getOrDefault("replayId", "");
        backplane
                .publishFrom(
                        channel,
                        List.of(),
                        new Retention(1000, Duration.ofHours(72)),
                        Checkpoint.move(current, later, System.currentTimeMillis()))
                .await()
                .atMost(LIMIT);
        org.publishOrder("second");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS)).hasSize(2));
        assertThat(publications(ORDERS).getFirst()).isEqualTo(only);
        assertThat(publisher.metric(
                        "lightline_publisher_refused_total{kind=\"event\",org=\"demo\",reason=\"fenced\",topic=\""
                                + ORDERS + "\"}"))
                .isPositive();
    }

    @Test
    void metricsAddUp() {
        // when
        publishSome("a");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publications(ORDERS)).hasSize(20));

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publisher.metrics())
                        .contains(
                                "lightline_salesforce_received_total{org=\"demo\",topic=\"/event/Order__e\"} 20",
                                "lightline_salesforce_delivered_total{org=\"demo\",topic=\"/event/Order__e\"} 20",
                                "lightline_salesforce_undecodable_total{org=\"demo\",topic=\"/event/Order__e\"} 0",
                                "lightline_publisher_published_total{kind=\"event\",org=\"demo\",topic=\"/event/Order__e\"} 20",
                                "lightline_salesforce_unanswered{org=\"demo\",topic=\"/event/Order__e\"} 0",
                                "lightline_salesforce_ready{org=\"demo\",topic=\"/event/Order__e\"} 1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lightline.publisher.histroy.size           | 5    | lightline.publisher.histroy.size",
                "lightline.publisher.orgs.demo.access-token | demo | Exactly one of client-secret"
            })
    void wrongConfigurationStopsTheStartInOneLine(String key, String value, String complaint) {
        // given
        publisher.close();

        // when
        publisher = startPublisher(Map.of(key, value));

        // then
        assertThat(publisher.awaitExit()).isNotZero();
        assertThat(publisher.output())
                .anySatisfy(line -> assertThat(line).contains(complaint))
                .noneSatisfy(line -> assertThat(line).startsWith("\tat "));
    }

    private void publishSome(String prefix) {
        IntStream.range(0, 20).forEach(number -> org.publishOrder(prefix + number));
    }

    private PublisherProcess startPublisher(Map<String, String> more) {
        var properties = new HashMap<>(
                Map.of("quarkus.redis.hosts", redis.uri().toString(), "lightline.publisher.lease.ttl", "3s"));
        properties.putAll(org.asOrg("demo", ORDERS + "," + ACCOUNTS));
        properties.putAll(more);
        return PublisherProcess.start(properties);
    }

    private List<Publication> publications(String topic) {
        return backplane
                .history(channel(topic), new HistoryQuery(null, 1_000, false))
                .await()
                .atMost(LIMIT)
                .publications();
    }

    private List<String> eventIds(String topic) {
        return publications(topic).stream()
                .map(publication -> publication.draft().tags().getOrDefault("eventUuid", ""))
                .toList();
    }

    private JsonNode data(String topic, int index) {
        return SimulatedOrg.json(publications(topic).get(index).draft().data().toString());
    }

    private static ChannelName channel(String topic) {
        return new ChannelName("demo", topic);
    }
}
