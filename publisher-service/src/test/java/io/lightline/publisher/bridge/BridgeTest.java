package io.lightline.publisher.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.Draft;
import io.lightline.backplane.FencedException;
import io.lightline.backplane.OutgoingPublication;
import io.lightline.backplane.Receipt;
import io.lightline.publisher.route.Reading;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.event.ChangeEventHeader;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BridgeTest {

    private static final String TOPIC = "/event/Order__e";
    private static final ReplayId FIRST = ReplayId.of(new byte[] {1});
    private static final ReplayId SECOND = ReplayId.of(new byte[] {2});
    private static final ChannelName CHANNEL = new ChannelName("tenant", "orders");
    private static final String RECORD = "001000000000001AAA";
    private static final ChannelName OF_RECORD = new ChannelName("tenant", "orders/" + RECORD);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Bridge bridge = new Bridge(meters, new EventTraces(OpenTelemetry.noop()));
    private final List<String> answers = new ArrayList<>();
    private final Reading reading = reading(false);

    @Test
    void eventBecomesAPublicationOnTheChannelOfItsTopic() {
        // when
        Message<Draft> message = publish(event(FIRST, SECOND, null));

        // then
        assertThat(message.getPayload().data().toString())
                .isEqualTo("{\"schema\":\"s-1\",\"payload\":{\"A\":1},\"event\":"
                        + "{\"replayId\":\"Ag==\",\"EventUuid\":\"e-1\",\"EventApiName\":\"Order__e\"}}");
        assertThat(message.getPayload().tags())
                .isEqualTo(Map.of("org", "00D", "topic", TOPIC, "replayId", "Ag==", "eventUuid", "e-1"));
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, "e-1", Checkpoint.move(Optional.of("AQ=="), "Ag==", 7)));
    }

    @Test
    void veryFirstEventExpectsNoCheckpoint() {
        // when
        Message<Draft> message = publish(event(null, FIRST, null));

        // then
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, "e-1", Checkpoint.move(Optional.empty(), "AQ==", 7)));
    }

    @Test
    void changeGoesToTheChannelsOfItsRecordsWhenTheyAreOn() {
        // given
        var change = change("UPDATE", RECORD, RECORD, "no record's id");

        // when
        Message<Draft> off = publish(event(FIRST, SECOND, change));
        Message<Draft> on = bridge.publish(message(event(FIRST, SECOND, change), reading(true)));

        // then
        assertThat(off.getMetadata(OutgoingPublication.class).orElseThrow().derived())
                .isEmpty();
        assertThat(on.getMetadata(OutgoingPublication.class).orElseThrow().derived())
                .containsExactly(OF_RECORD);
        assertThat(on.getPayload().tags()).doesNotContainKey("lightline");
    }

    @Test
    void changeThatOnlyTellsTheFactCallsForAResync() {
        // when
        Message<Draft> message =
                bridge.publish(message(event(FIRST, SECOND, change("GAP_UPDATE", RECORD)), reading(true)));

        // then
        assertThat(message.getPayload().tags()).containsEntry("lightline", "resync");
        assertThat(message.getMetadata(OutgoingPublication.class).orElseThrow().derived())
                .containsExactly(OF_RECORD);
    }

    @Test
    void overflowIsToldToAllRecords() {
        // when
        Message<Draft> message = bridge.publish(message(
                event(FIRST, SECOND, change("GAP_OVERFLOW")), reading(true).concerning(List.of(OF_RECORD))));

        // then
        assertThat(message.getMetadata(OutgoingPublication.class).orElseThrow().derived())
                .containsExactly(OF_RECORD);
    }

    @Test
    void eventThatNobodyCanReadGoesToTheDeadLettersAndMovesTheCheckpoint() {
        // given
        var event = new UndecodableEvent("00D", TOPIC, SECOND, FIRST, "e-1", "s-1", new byte[] {9}, "not Avro");

        // when
        Message<Draft> message = publish(event);

        // then
        assertThat(message.getPayload().data().toString())
                .isEqualTo("{\"topic\":\"/event/Order__e\",\"replayId\":\"Ag==\",\"eventUuid\":\"e-1\","
                        + "\"schemaId\":\"s-1\",\"reason\":\"not Avro\",\"payload\":\"CQ==\"}");
        assertThat(message.getPayload().tags()).containsEntry("lightline", "dead-letter");
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, "00D:e-1", Checkpoint.move(Optional.of("AQ=="), "Ag==", 7))
                        .insteadTo(List.of(new ChannelName("tenant", "dead-letter:" + TOPIC))));
    }

    @Test
    void gapIsToldOnAllChannelsAndLeavesTheCheckpoint() {
        // given
        var gap = new Gap("00D", TOPIC, FIRST, "too old", Instant.ofEpochMilli(5));

        // when
        Message<Draft> message = bridge.publish(message(gap, reading.concerning(List.of(OF_RECORD))));

        // then
        assertThat(message.getPayload().data().toString())
                .isEqualTo("{\"gap\":{\"topic\":\"/event/Order__e\",\"after\":\"AQ==\",\"reason\":\"too old\","
                        + "\"detected\":\"1970-01-01T00:00:00.005Z\"}}");
        assertThat(message.getPayload().tags()).isEqualTo(Map.of("lightline", "gap", "org", "00D", "topic", TOPIC));
        assertThat(message.getMetadata(OutgoingPublication.class))
                .contains(OutgoingPublication.from(CHANNEL, gap.id(), Checkpoint.stay(Optional.of("AQ=="), 7))
                        .alsoTo(List.of(OF_RECORD)));
    }

    @Test
    void answerOfTheBackplaneReachesTheTopicAndIsCounted() {
        // when
        publish(event(null, FIRST, null)).ack(Metadata.of(new Receipt(false)));
        publish(event(null, FIRST, null)).ack(Metadata.of(new Receipt(true)));
        publish(event(null, FIRST, null))
                .nack(new CheckpointConflictException(
                        CHANNEL, Checkpoint.move(Optional.empty(), "AQ==", 7), Optional.of("Ag==")));
        publish(event(null, FIRST, null)).nack(new IllegalStateException("down"));

        // then
        assertThat(answers)
                .containsExactly("ack", "ack", "nack CheckpointConflictException", "nack IllegalStateException");
        assertThat(count("lightline.publisher.published")).isEqualTo(1);
        assertThat(count("lightline.publisher.duplicates")).isEqualTo(1);
        assertThat(count("lightline.publisher.refused", "reason", "conflict")).isEqualTo(1);
        assertThat(count("lightline.publisher.refused", "reason", "failure")).isEqualTo(1);
    }

    @Test
    void readerIsToldThatItsLeaseIsAnOldOne() {
        // when
        publish(event(null, FIRST, null)).nack(new FencedException(CHANNEL, 7, 8));

        // then
        assertThat(answers).containsExactly("fenced", "nack FencedException");
        assertThat(count("lightline.publisher.refused", "reason", "fenced")).isEqualTo(1);
    }

    private Message<Draft> publish(TopicItem item) {
        return bridge.publish(message(item, reading));
    }

    private double count(String name, String... tags) {
        return meters.get(name)
                .tags(tags)
                .tag("org", "acme")
                .tag("topic", TOPIC)
                .tag("kind", "event")
                .counter()
                .count();
    }

    private Reading reading(boolean records) {
        return new Reading(
                new Route(new TopicName("acme", TOPIC), CHANNEL, records), 7, List.of(), () -> answers.add("fenced"));
    }

    private Message<TopicItem> message(TopicItem item, Reading itsReading) {
        return Message.of(
                        item,
                        () -> {
                            answers.add("ack");
                            return CompletableFuture.completedStage(null);
                        },
                        cause -> {
                            answers.add("nack " + cause.getClass().getSimpleName());
                            return CompletableFuture.completedStage(null);
                        })
                .addMetadata(itsReading);
    }

    private static SalesforceEvent event(
            @Nullable ReplayId previous, ReplayId replayId, @Nullable ChangeEventHeader change) {
        return new SalesforceEvent(
                "00D",
                TOPIC,
                replayId,
                previous,
                "e-1",
                "Order__e",
                "s-1",
                null,
                change,
                "{\"A\":1}".getBytes(StandardCharsets.UTF_8));
    }

    private static ChangeEventHeader change(String type, String... recordIds) {
        return new ChangeEventHeader(
                "Order", List.of(recordIds), type, "", "t", 1, 0, 0, "", List.of(), List.of(), List.of());
    }
}
