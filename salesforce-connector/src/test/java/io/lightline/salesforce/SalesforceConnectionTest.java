package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.ScriptedPubSub;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SalesforceConnectionTest {

    private final List<SalesforceEvent> events = new CopyOnWriteArrayList<>();
    private final List<TopicItem> observed = new CopyOnWriteArrayList<>();
    private CompletionStage<?> observers = CompletableFuture.completedStage(null);
    private ScriptedPubSub server;
    private SalesforceConnection connection;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPubSub();
        connection = SalesforceConnection.open(
                settings("/event/Order__e,/data/ChangeEvents"), ReplayStore.none(), this::observe);
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void topicsShareOneStreamAndEachKeepsItsOrder() {
        // given
        Cancellable subscription = consume();
        await().untilAsserted(() -> assertThat(server.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.requests()).isNotEmpty()));

        // when
        for (var call : server.calls()) {
            IntStream.rangeClosed(1, 40).forEach(number -> call.send(ScriptedPubSub.order(number)));
        }

        // then
        await().untilAsserted(() -> assertThat(events).hasSize(80));
        for (String topic : List.of("/event/Order__e", "/data/ChangeEvents")) {
            assertThat(events.stream().filter(event -> event.topic().equals(topic)))
                    .extracting(SalesforceEvent::id)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 40)
                            .mapToObj(number -> "e-" + number)
                            .toList());
        }
        subscription.cancel();
    }

    @Test
    void aSingleTopicIsAskedForMoreThanOneEventAtATime() {
        // given
        connection.close();
        connection = SalesforceConnection.open(settings("/event/Order__e"), ReplayStore.none(), this::observe);

        // when: a method in the middle asks for one message after the other
        Cancellable subscription = Multi.createFrom()
                .publisher(messages())
                .onItem()
                .transformToMultiAndConcatenate(message -> Multi.createFrom().item(message))
                .subscribe()
                .with(_ -> {});

        // then
        await().untilAsserted(() -> assertThat(server.calls())
                .singleElement()
                .satisfies(call ->
                        assertThat(call.requests().getFirst().getNumRequested()).isEqualTo(7)));
        subscription.cancel();
    }

    @Test
    void connectionIsReadyWhenEachTopicIs() {
        // given
        assertThat(connection.ready()).isFalse();

        // when
        Cancellable subscription = consume();

        // then
        await().untilAsserted(() -> assertThat(connection.ready()).isTrue());
        assertThat(connection.describe()).isEqualTo("/event/Order__e streaming; /data/ChangeEvents streaming");
        subscription.cancel();
    }

    @Test
    void whatIsNoEventGoesToObserversAndTheTopicGoesOnWhenTheyAreDone() {
        // given
        var answer = new CompletableFuture<Void>();
        observers = answer;
        connection.close();
        connection = open("/event/Order__e");
        Cancellable subscription = consume();
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(1));

        // when: two events before any checkpoint, the first of them undecodable
        server.calls().getFirst().send(ScriptedPubSub.undecodable(1), ScriptedPubSub.order(2));

        // then
        await().untilAsserted(
                        () -> assertThat(events).extracting(SalesforceEvent::id).containsExactly("e-2"));
        assertThat(observed).singleElement().isInstanceOf(UndecodableEvent.class);
        assertThat(connection.status().getFirst().lastCheckpoint()).isEmpty();
        answer.complete(null);
        await().untilAsserted(() ->
                assertThat(connection.status().getFirst().lastCheckpoint()).isPresent());
        subscription.cancel();
    }

    @Test
    void observerThatFailsMakesTheTopicStartAgain() {
        // given
        observers = CompletableFuture.failedStage(new IllegalStateException("no room in the dead letters"));
        connection.close();
        connection = open("/event/Order__e");
        Cancellable subscription = consume();
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(1));

        // when
        server.calls().getFirst().send(ScriptedPubSub.undecodable(1));

        // then
        await().untilAsserted(
                        () -> assertThat(connection.status().getFirst().ends()).containsKey("refused"));
        subscription.cancel();
    }

    @Test
    void consumerMayWantEveryItem() {
        // given
        connection.close();
        connection = SalesforceConnection.open(
                settings("/event/Order__e", Map.of("items", "all")), ReplayStore.none(), this::observe);
        var items = new CopyOnWriteArrayList<TopicItem>();
        Cancellable subscription =
                Multi.createFrom().publisher(messages()).subscribe().with(message -> items.add(message.getPayload()));
        await().untilAsserted(() -> assertThat(server.calls()).hasSize(1));

        // when
        server.calls().getFirst().send(ScriptedPubSub.undecodable(1), ScriptedPubSub.order(2));

        // then
        await().untilAsserted(() -> assertThat(items).extracting(TopicItem::id).containsExactly("e-1", "e-2"));
        assertThat(observed).isEmpty();
        subscription.cancel();
    }

    @Test
    void connectionHasStartedWhenItsTopicsHaveTheirSubscribers() {
        // given
        assertThat(connection.started()).isFalse();

        // when
        Cancellable subscription = consume();

        // then
        await().untilAsserted(() -> assertThat(connection.started()).isTrue());
        assertThat(connection.alive()).isTrue();
        subscription.cancel();
    }

    private CompletionStage<?> observe(TopicItem item) {
        observed.add(item);
        return observers;
    }

    private SalesforceConnection open(String topics) {
        return SalesforceConnection.open(settings(topics), ReplayStore.none(), this::observe);
    }

    @SuppressWarnings("unchecked")
    private Flow.Publisher<Message<TopicItem>> messages() {
        return (Flow.Publisher<Message<TopicItem>>) connection.messages();
    }

    private Cancellable consume() {
        return Multi.createFrom().publisher(messages()).subscribe().with(message -> {
            events.add((SalesforceEvent) message.getPayload());
            message.ack().toCompletableFuture().join();
        });
    }

    private ConnectorSettings settings(String topics) {
        return settings(topics, Map.of());
    }

    private ConnectorSettings settings(String topics, Map<String, String> more) {
        Map<String, String> attributes = new HashMap<>(more);
        attributes.putAll(Map.of(
                "channel-name", "salesforce",
                "topics", topics,
                "access-token", "demo",
                "instance-url", "http://127.0.0.1:7080",
                "tenant-id", "00D000000000001EAA",
                "endpoint-host", "127.0.0.1",
                "endpoint-port", "" + server.port(),
                "plaintext", "true",
                "settle-time", "PT0S",
                "window", "7"));
        return ConnectorSettings.of(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(attributes, "test", 500))
                .build());
    }
}
