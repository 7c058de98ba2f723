package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.backplane.Backplane;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RedisBackplane;
import io.lightline.backplane.TestConfig;
import io.lightline.localstack.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real Redis with somebody who looks into it, the packaged simulator, and any number of packaged publishers. */
final class Kit implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final String TENANT = "demo";

    private final Vertx vertx = Vertx.vertx();
    private final RedisProcess redis = RedisProcess.start();
    private final SimulatedOrg org;
    private final Backplane backplane;
    private final Deque<PublisherProcess> publishers = new ArrayDeque<>();

    /** @param simulator further configuration of the simulator */
    Kit(Map<String, String> simulator) {
        org = SimulatedOrg.start(simulator);
        backplane = new RedisBackplane(
                vertx, new RedisOptions().setConnectionString(redis.uri().toString()), TestConfig.defaults());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(backplane.state().ready()).isTrue());
    }

    RedisProcess redis() {
        return redis;
    }

    SimulatedOrg org() {
        return org;
    }

    Backplane backplane() {
        return backplane;
    }

    /** A replica that is ready; ended with this kit, if not before. */
    PublisherProcess publisher(Map<String, String> properties) {
        var all = new HashMap<>(Map.of("quarkus.redis.hosts", redis.uri().toString()));
        all.putAll(properties);
        PublisherProcess publisher = PublisherProcess.start(all);
        publishers.add(publisher);
        publisher.awaitReady();
        return publisher;
    }

    List<Publication> publications(String channel) {
        return backplane
                .history(new ChannelName(TENANT, channel), new HistoryQuery(null, 1_000, false))
                .await()
                .atMost(LIMIT)
                .publications();
    }

    List<String> eventIds(String channel) {
        return publications(channel).stream()
                .map(publication -> tag(publication, "eventUuid"))
                .toList();
    }

    static String tag(Publication publication, String name) {
        return publication.draft().tags().getOrDefault(name, "");
    }

    static JsonNode data(Publication publication) {
        return SimulatedOrg.json(publication.draft().data().toString());
    }

    @Override
    public void close() {
        publishers.forEach(PublisherProcess::close);
        org.close();
        backplane.close().await().atMost(LIMIT);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }
}
