package io.lightline.publisher;

import static io.lightline.publisher.Kit.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.NobodyServesException;
import io.lightline.backplane.RawJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the packaged publisher answers to those who want to publish to Salesforce. */
class WayBackIT {

    private static final String ORDERS = "/event/Order__e";
    private static final String LEASE = "4s";

    private final Kit kit = new Kit(Map.of());

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void anEventGoesToSalesforceAndComesAroundOnTheChannel() {
        // given
        var publisher = kit.publisher(serving(ORDERS));
        String id = UUID.randomUUID().toString();
        awaitServed();

        // when
        JsonNode answer = ask(id, "{\"OrderNumber__c\": \"A-1\", \"Amount__c\": 49.9}");

        // then
        assertThat(answer.path("replayId").asText()).isNotEmpty();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.eventIds(ORDERS)).containsExactly(id));
        var publication = kit.publications(ORDERS).getFirst();
        assertThat(Kit.tag(publication, "replayId"))
                .isEqualTo(answer.path("replayId").asText());
        assertThat(Kit.data(publication).path("payload").path("Amount__c").asDouble())
                .isEqualTo(49.9);
        assertThat(publisher.metric("lightline_publisher_way_back_total{org=\"demo\",outcome=\"published\",topic=\""
                        + ORDERS + "\"}"))
                .isEqualTo(1);
    }

    @Test
    void mistakesNameTheFieldAndNothingReachesSalesforce() {
        // given
        kit.publisher(serving(ORDERS));
        awaitServed();

        // when
        JsonNode unknown = ask(UUID.randomUUID().toString(), "{\"Colour__c\": \"red\"}");
        JsonNode wrong = ask(UUID.randomUUID().toString(), "{\"Amount__c\": \"much\"}");

        // then
        assertThat(unknown)
                .hasToString(
                        "{\"error\":{\"code\":\"invalid\",\"message\":\"Order__e has no such field\",\"field\":\"Colour__c\"}}");
        assertThat(wrong)
                .hasToString(
                        "{\"error\":{\"code\":\"invalid\",\"message\":\"wants a number, not text\",\"field\":\"Amount__c\"}}");
        assertThat(kit.org().eventIds(ORDERS)).isEmpty();
    }

    @Test
    void aTopicThatTheOrgDoesNotHaveIsRefused() {
        // given
        kit.publisher(serving("/event/Nothing__e"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(asked("/event/Nothing__e", "{}"))
                        .hasToString(
                                "{\"error\":{\"code\":\"refused\",\"message\":\"Salesforce says: topic.not.found\"}}"));
    }

    @Test
    void whatIsNotInPublishTopicsIsServedByNobody() {
        // given
        kit.publisher(kit.org().asOrg("demo", ORDERS));

        // then
        assertThat(kit.backplane()
                        .ask(new ChannelName(Kit.TENANT, ORDERS), question("e-1", "{}"))
                        .map(answer -> (Object) answer)
                        .onFailure()
                        .recoverWithItem(failure -> failure)
                        .await()
                        .atMost(LIMIT))
                .isInstanceOf(NobodyServesException.class);
    }

    @Test
    void eachEventIsPublishedOnceHoweverOftenItIsAskedFor() {
        // given
        kit.publisher(serving(ORDERS));
        awaitServed();
        String id = UUID.randomUUID().toString();

        // when
        var answers = IntStream.range(0, 10)
                .mapToObj(_ -> kit.backplane()
                        .ask(new ChannelName(Kit.TENANT, ORDERS), question(id, "{}"))
                        .subscribeAsCompletionStage())
                .toList();

        // then
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer).succeedsWithin(LIMIT))
                .extracting(answer -> answer.join().toString())
                .containsOnly(answers.getFirst().join().toString());
        assertThat(kit.org().eventIds(ORDERS)).containsExactly(id);
    }

    @Test
    void oneReplicaServesATopicAndTheOtherTakesOver() {
        // given
        var settings = serving(ORDERS);
        settings.put("lightline.publisher.lease.ttl", LEASE);
        var first = kit.publisher(settings);
        awaitServed();
        var second = kit.publisher(settings);
        publish("A-1");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(published()).hasSize(1));

        // when: one dies
        first.kill();

        // then
        awaitServed();
        publish("A-2");
        var third = kit.publisher(settings);

        // when: one is stopped in peace
        second.close();

        // then
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(asked(ORDERS, "[]"))
                                .hasToString(
                                        "{\"error\":{\"code\":\"invalid\",\"message\":\"the event is an object, not an array\"}}"));
        publish("A-3");
        assertThat(kit.org().eventIds(ORDERS)).hasSize(3);
        assertThat(third.health()).isEqualTo(200);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(published()).isEqualTo(kit.org().eventIds(ORDERS)));
    }

    /** A lease that lapses on a busy machine before the first event is told as a gap, which has no id. */
    private List<String> published() {
        return kit.eventIds(ORDERS).stream().filter(id -> !id.isEmpty()).toList();
    }

    private void publish(String number) {
        assertThat(ask(UUID.randomUUID().toString(), "{\"OrderNumber__c\": \"" + number + "\"}")
                        .path("replayId")
                        .asText())
                .isNotEmpty();
    }

    private HashMap<String, String> serving(String topic) {
        var settings = new HashMap<>(kit.org().asOrg("demo", ORDERS));
        settings.put("lightline.publisher.orgs.demo.publish-topics", topic);
        return settings;
    }

    /** Somebody answers; asked for what no topic takes. */
    private void awaitServed() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                asked(ORDERS, "[]").path("error").path("code").asText())
                        .isEqualTo("invalid"));
    }

    private JsonNode ask(String id, String data) {
        return SimulatedOrg.json(kit.backplane()
                .ask(new ChannelName(Kit.TENANT, ORDERS), question(id, data))
                .await()
                .atMost(LIMIT)
                .toString());
    }

    /** The answer, or the failure as text. */
    private JsonNode asked(String topic, String data) {
        return SimulatedOrg.json(kit.backplane()
                .ask(
                        new ChannelName(Kit.TENANT, topic),
                        question(UUID.randomUUID().toString(), data))
                .map(RawJson::toString)
                .onFailure()
                .recoverWithItem(
                        failure -> "{\"failure\":\"" + failure.getClass().getSimpleName() + "\"}")
                .await()
                .atMost(LIMIT));
    }

    private static RawJson question(String id, String data) {
        return RawJson.of("{\"publish\":{\"id\":\"" + id + "\",\"data\":" + data + "}}");
    }
}
