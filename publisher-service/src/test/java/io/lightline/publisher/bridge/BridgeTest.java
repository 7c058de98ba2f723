package io.lightline.publisher.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.Draft;
import io.lightline.backplane.OutgoingPublication;
import io.lightline.publisher.TestSettings;
import io.lightline.publisher.route.Routes;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BridgeTest {

    private static final ReplayId FIRST = ReplayId.of(new byte[] {1});
    private static final ReplayId SECOND = ReplayId.of(new byte[] {2});
    private static final ChannelName CHANNEL = new ChannelName("acme", "/event/Order__e");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Bridge bridge = new Bridge(new Routes(TestSettings.valid()), meters);
    private final List<String> answers = new ArrayList<>();

    @Test
    void eventBecomesAPublicationOnTheChannelOfItsTopic() {
        // when
        Message<Draft> message = bridge.publish(message(FIRST, SECOND));

        // then
        assertThat(message.getPayload().data().toString())
                .isEqualTo("{\"schema\":\"s-1\",\"payload\":{\"A\":1},\"event\":"
                        + "{\"replayId\":\"Ag==\",\"EventUuid\":\"e-1\",\"EventApiName\":\"Order__e\"}}");
        assertThat(message.getPayload().tags())
                .isEqualTo(Map.of("org", "00D", "topic", "/event/Order__e", "replayId", "Ag==", "eventUuid", "e-1"));
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, "e-1", Checkpoint.move(Optional.of("AQ=="), "Ag==", 0)));
    }

    @Test
    void veryFirstEventExpectsNoCheckpoint() {
        // when
        Message<Draft> message = bridge.publish(message(null, FIRST));

        // then
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, "e-1", Checkpoint.move(Optional.empty(), "AQ==", 0)));
    }

    @Test
    void answerOfTheBackplaneReachesTheEventAndIsCounted() {
        // when
        var acknowledged = bridge.publish(message(null, FIRST)).ack();
        var conflict = bridge.publish(message(null, FIRST))
                .nack(new CheckpointConflictException(
                        CHANNEL, Checkpoint.move(Optional.empty(), "AQ==", 0), Optional.of("Ag==")));
        var failure = bridge.publish(message(null, FIRST)).nack(new IllegalStateException("down"));

        // then
        assertThat(acknowledged).isCompleted();
        assertThat(conflict).isCompleted();
        assertThat(failure).isCompleted();
        assertThat(answers).containsExactly("ack", "nack CheckpointConflictException", "nack IllegalStateException");
        assertThat(count("lightline.publisher.published")).isEqualTo(1);
        assertThat(count("lightline.publisher.refused", "reason", "conflict")).isEqualTo(1);
        assertThat(count("lightline.publisher.refused", "reason", "failure")).isEqualTo(1);
    }

    private double count(String name, String... tags) {
        return meters.get(name)
                .tags(tags)
                .tag("topic", "/event/Order__e")
                .counter()
                .count();
    }

    private Message<SalesforceEvent> message(@Nullable ReplayId previous, ReplayId replayId) {
        var event = new SalesforceEvent(
                "00D",
                "/event/Order__e",
                replayId,
                previous,
                "e-1",
                "Order__e",
                "s-1",
                null,
                null,
                "{\"A\":1}".getBytes(StandardCharsets.UTF_8));
        return Message.of(
                event,
                () -> {
                    answers.add("ack");
                    return CompletableFuture.completedStage(null);
                },
                cause -> {
                    answers.add("nack " + cause.getClass().getSimpleName());
                    return CompletableFuture.completedStage(null);
                });
    }
}
