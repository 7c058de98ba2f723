package io.lightline.publisher;

import static io.lightline.publisher.Kit.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two packaged publishers share five topics of the packaged simulator. */
class ReplicasIT {

    private static final List<String> TOPICS = List.of(
            "/event/Order__e", "/event/Visit__e", "/event/Parcel__e", "/data/AccountChangeEvent", "/data/ChangeEvents");
    private static final Duration LEASE = Duration.ofSeconds(6);

    private final Kit kit = new Kit(Map.of(
            "lightline.simulator.orgs.demo.events.Visit__e.fields[0].name", "Name__c",
            "lightline.simulator.orgs.demo.events.Visit__e.fields[0].type", "text",
            "lightline.simulator.orgs.demo.events.Parcel__e.fields[0].name", "Name__c",
            "lightline.simulator.orgs.demo.events.Parcel__e.fields[0].type", "text"));
    private final PublisherProcess first = kit.publisher(settings());

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void topicsAreSharedAndNoneIsReadTwice() {
        // given
        establishCheckpoints();
        kit.org().forgetEndedStreams();

        // when
        PublisherProcess second = kit.publisher(settings());

        // then
        awaitShared(second);
        assertThat(kit.org().overlaps()).isEmpty();
    }

    @Test
    void killedReplicasTopicsGoOnWithinALease() {
        // given
        establishCheckpoints();
        PublisherProcess second = kit.publisher(settings());
        awaitShared(second);

        // when
        second.kill();
        Instant killed = Instant.now();
        publishEverywhere();

        // then
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.reads()).isEqualTo(all()));
        await().atMost(LIMIT).untilAsserted(this::everythingHasArrivedOnceAndInOrder);
        Instant lastOpened = TOPICS.stream()
                .map(topic -> kit.org().streams(topic).getLast())
                .map(stream -> Instant.parse(stream.path("opened").asText()))
                .max(Instant::compareTo)
                .orElseThrow();
        assertThat(Duration.between(killed, lastOpened)).isLessThan(LEASE.plusSeconds(3));
    }

    @Test
    void replicaThatIsAskedToEndHandsItsTopicsOnAtOnce() {
        // given
        establishCheckpoints();
        PublisherProcess second = kit.publisher(settings());
        awaitShared(second);
        Set<String> moving = second.reads();
        kit.org().forgetEndedStreams();

        // when
        second.close();

        // then
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.reads()).isEqualTo(all()));
        publishEverywhere();
        await().atMost(LIMIT).untilAsserted(this::everythingHasArrivedOnceAndInOrder);
        assertThat(kit.org().overlaps()).isEmpty();
        assertThat(moving).allSatisfy(topic -> {
            List<JsonNode> streams = streams(topic);
            assertThat(streams).hasSize(2);
            Instant closed = Instant.parse(streams.getFirst().path("closed").asText());
            Instant opened = Instant.parse(streams.getLast().path("opened").asText());
            assertThat(Duration.between(closed, opened)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        });
    }

    /** Events of all topics, until each of them has a position to go on from. */
    private void establishCheckpoints() {
        kit.org().awaitSubscribers(TOPICS.toArray(String[]::new));
        publishEverywhere();
        await().atMost(LIMIT).untilAsserted(this::everythingHasArrivedOnceAndInOrder);
    }

    private void publishEverywhere() {
        kit.org().publishOrder("A-1");
        kit.org().publish("Visit__e", "{\"Name__c\": \"A\"}");
        kit.org().publish("Parcel__e", "{\"Name__c\": \"A\"}");
        kit.org().createAccount("{\"Name\": \"Acme\"}");
    }

    private void everythingHasArrivedOnceAndInOrder() {
        assertThat(TOPICS)
                .allSatisfy(topic -> assertThat(kit.eventIds(topic))
                        .isNotEmpty()
                        .doesNotHaveDuplicates()
                        .isEqualTo(kit.org().eventIds(topic)));
    }

    private void awaitShared(PublisherProcess second) {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(first.reads()).hasSizeBetween(2, 3);
            assertThat(second.reads()).hasSize(5 - first.reads().size()).doesNotContainAnyElementsOf(first.reads());
            assertThat(kit.org().openStreams()).containsExactlyInAnyOrderElementsOf(TOPICS);
            assertThat(second.reads())
                    .allSatisfy(topic -> assertThat(streams(topic))
                            .as("the first replica's, which has ended, and the second's")
                            .hasSize(2));
        });
    }

    private List<JsonNode> streams(String topicOfItsOrg) {
        return kit.org().streams(topicOfItsOrg.substring("demo:".length()));
    }

    private static Set<String> all() {
        var all = new TreeSet<String>();
        TOPICS.forEach(topic -> all.add("demo:" + topic));
        return all;
    }

    private Map<String, String> settings() {
        var settings = new HashMap<>(kit.org().asOrg("demo", String.join(",", TOPICS)));
        settings.put("lightline.publisher.lease.ttl", LEASE.toSeconds() + "s");
        return settings;
    }
}
