package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.ScriptedPubSub;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SalesforceConnectionTest {

    private final List<SalesforceEvent> events = new CopyOnWriteArrayList<>();
    private ScriptedPubSub server;
    private SalesforceConnection connection;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPubSub();
        connection = SalesforceConnection.open(settings("/event/Order__e,/data/ChangeEvents"), ReplayStore.none());
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
        connection = SalesforceConnection.open(settings("/event/Order__e"), ReplayStore.none());

        // when: a method in the middle asks for one message after the other
        @SuppressWarnings("unchecked")
        var messages = (Flow.Publisher<Message<SalesforceEvent>>) connection.events();
        Cancellable subscription = Multi.createFrom()
                .publisher(messages)
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

    private Cancellable consume() {
        @SuppressWarnings("unchecked")
        var messages = (Flow.Publisher<Message<SalesforceEvent>>) connection.events();
        return Multi.createFrom().publisher(messages).subscribe().with(message -> {
            events.add(message.getPayload());
            message.ack().toCompletableFuture().join();
        });
    }

    private ConnectorSettings settings(String topics) {
        Map<String, String> attributes = Map.of(
                "topics", topics,
                "access-token", "demo",
                "instance-url", "http://127.0.0.1:7080",
                "tenant-id", "00D000000000001EAA",
                "endpoint-host", "127.0.0.1",
                "endpoint-port", "" + server.port(),
                "plaintext", "true",
                "settle-time", "PT0S",
                "window", "7");
        return ConnectorSettings.of(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(attributes, "test", 500))
                .build());
    }
}
