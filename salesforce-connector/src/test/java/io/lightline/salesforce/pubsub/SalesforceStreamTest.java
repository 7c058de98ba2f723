package io.lightline.salesforce.pubsub;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.event;
import static io.lightline.salesforce.pubsub.ScriptedPubSub.order;
import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.Schemas;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.pubsub.ScriptedPubSub.Call;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** What a healthy stream does: demand, order, checkpoints, answers. */
class SalesforceStreamTest extends StreamFixture {

    @Test
    void demandBecomesCreditsAndNeverMoreThanTheWindow() {
        // given
        startStream(10, ReplayStore.none());

        // when
        consumer.request(3);

        // then
        Call call = call(1);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(3));
        consumer.request(1_000);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(10));
    }

    @Test
    void noCallIsMadeBeforeTheConsumerAsks() {
        // when
        SalesforceStream stream = startStream(10, ReplayStore.none());

        // then
        await().untilAsserted(() -> assertThat(stream.status().state()).isEqualTo("waiting for the consumer"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void unacknowledgedEventsUseUpTheWindow() {
        // given
        startStream(4, ReplayStore.none());
        consumer.request(Long.MAX_VALUE);
        Call call = call(1);

        // when
        call.sendOrders(1, 2, 3, 4);
        consumer.awaitEvents(4);

        // then
        assertThat(call.requested()).isEqualTo(4);
        consumer.ackUpTo(2);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(6));
    }

    @Test
    void messagesTellWhenTheirEventCameAndWhenItWasDecoded() {
        // given
        Instant before = Instant.now();
        startStream(100, ReplayStore.none());
        consumer.request(1);

        // when
        call(1).sendOrders(1);
        consumer.awaitEvents(1);

        // then
        assertThat(consumer.message(0).getMetadata(Arrival.class))
                .hasValueSatisfying(arrival -> assertThat(arrival.received()).isBetween(before, arrival.decoded()));
    }

    @Test
    void eventsArriveDecodedInOrderAndEachNamesTheCheckpointBeforeIt() {
        // given
        store.checkpoint = replayId(7);
        startStream(100, store);
        consumer.request(100);

        // when
        call(1).send(
                        order(10),
                        order(12),
                        event(15, "order-2", order(15).getEvent().getPayload().toByteArray()));

        // then
        consumer.awaitEvents(3);
        List<SalesforceEvent> events = consumer.events();
        assertThat(events).extracting(SalesforceEvent::id).containsExactly("e-10", "e-12", "e-15");
        assertThat(events)
                .extracting(SalesforceEvent::previous)
                .containsExactly(replayId(7), replayId(10), replayId(12));
        assertThat(events).extracting(SalesforceEvent::orgId).containsOnly("00D000000000001EAA");
        assertThat(events).extracting(SalesforceEvent::name).containsOnly("Order__e");
        assertThat(events)
                .extracting(SalesforceEvent::schemaId)
                .containsExactly(ScriptedPubSub.ORDER_SCHEMA, ScriptedPubSub.ORDER_SCHEMA, "order-2");
        assertThat(server.schemaRequests()).isEqualTo(2);
    }

    @Test
    void firstStartIsLatestAndTheFirstEventFollowsNothing() {
        // given
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).sendOrders(1);

        // then
        consumer.awaitEvents(1);
        assertThat(firstRequest(1).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        assertThat(consumer.events().getFirst().previous()).isNull();
    }

    @Test
    void startGoesOnFromTheStoredCheckpoint() {
        // given
        store.checkpoint = replayId(41);

        // when
        startStream(10, store);
        consumer.request(10);

        // then
        assertThat(firstRequest(1).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(41));
    }

    @Test
    void refusedEventIsReadAgainFromTheStoresCheckpoint() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(100);
        call(1).sendOrders(8, 9);
        consumer.awaitEvents(2);

        // when: somebody else has moved the checkpoint on
        store.checkpoint = replayId(20);
        consumer.nack(0);
        consumer.nack(1);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(20));
        await().untilAsserted(() -> assertThat(call(1).cancelled()).isTrue());
        call(2).sendOrders(21);
        consumer.awaitEvents(3);
        assertThat(consumer.events().getLast().previous()).isEqualTo(replayId(20));
        assertThat(stream.status().refused()).isEqualTo(2);
    }

    @Test
    void withoutAStoreARefusedEventAndThoseAfterItComeAgain() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(100);
        call(1).sendOrders(1, 2, 3);
        consumer.awaitEvents(3);

        // when
        consumer.ackUpTo(1);
        consumer.nack(1);
        consumer.ack(2);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(1));
    }

    @Test
    void keepaliveOfAQuietTopicMovesTheCheckpoint() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).keepalive(30, 10);

        // then
        await().untilAsserted(() -> assertThat(store.checkpoint).isEqualTo(replayId(30)));
        call(1).sendOrders(31);
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().previous()).isEqualTo(replayId(30));
    }

    @Test
    void keepaliveWhileAnEventIsUnansweredMovesNothing() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(8);
        consumer.awaitEvents(1);

        // when
        call(1).keepalive(30, 9);
        call(1).sendOrders(31);
        consumer.awaitEvents(2);

        // then
        assertThat(consumer.events().getLast().previous()).isEqualTo(replayId(8));
        assertThat(store.checkpoint).isEqualTo(replayId(7));
    }

    @Test
    void keepaliveThatTheStoreRefusesMakesTheStreamAskIt() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1);

        // when: somebody else has moved the checkpoint on
        store.checkpoint = replayId(20);
        call(1).keepalive(30, 10);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(20));
    }

    @Test
    void undecodableEventsComeInTheirPlaceWithTheirBytesAndMoveTheCheckpoint() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).send(
                        order(1),
                        event(2, ScriptedPubSub.ORDER_SCHEMA, new byte[] {1}),
                        event(3, "broken-1", new byte[0]),
                        order(4));

        // then
        consumer.awaitEvents(4);
        assertThat(consumer.items()).extracting(TopicItem::id).containsExactly("e-1", "e-2", "e-3", "e-4");
        assertThat(consumer.items())
                .extracting(TopicItem::previous)
                .containsExactly(null, replayId(1), replayId(2), replayId(3));
        assertThat(consumer.items().get(1)).isInstanceOfSatisfying(UndecodableEvent.class, event -> {
            assertThat(event.payload()).containsExactly(1);
            assertThat(event.replayId()).isEqualTo(replayId(2));
            assertThat(event.schemaId()).isEqualTo(ScriptedPubSub.ORDER_SCHEMA);
            assertThat(event.reason()).isEqualTo("Not the bytes of a Order__e");
        });
        assertThat(stream.status().undecodable()).isEqualTo(2);
        assertThat(stream.status().received()).isEqualTo(4);
        assertThat(stream.status().delivered()).isEqualTo(2);
    }

    @Test
    void cancelledSubscriptionEndsTheCallForGood() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        Call call = call(1);

        // when
        consumer.cancel();

        // then
        await().untilAsserted(() -> assertThat(call.cancelled()).isTrue());
        assertThat(streamState()).isEqualTo("closed");
    }

    @Test
    void stopAsksForNothingMoreAndCompletesWhenAllIsAnswered() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1, 2);
        consumer.awaitEvents(2);

        // when
        var stopped = stream.stop().toCompletableFuture();

        // then
        await().untilAsserted(() -> assertThat(call(1).cancelled()).isTrue());
        assertThat(streamState()).isEqualTo("stopping");
        consumer.ack(0);
        assertThat(stopped).isNotDone();
        assertThat(consumer.completed).isFalse();
        consumer.nack(1);
        await().untilAsserted(() -> assertThat(stopped).isCompleted());
        await().untilAsserted(() -> assertThat(consumer.completed).isTrue());
        assertThat(stream.ended()).isTrue();
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void stopCompletesAtOnceWhenNothingIsUnderWay() {
        // given
        SalesforceStream unused = startStream(10, ReplayStore.none());

        // when
        var stopped = unused.stop().toCompletableFuture();

        // then
        await().untilAsserted(() -> assertThat(stopped).isCompleted());
        await().untilAsserted(() -> assertThat(consumer.completed).isTrue());
    }

    @Test
    void stoppedStreamTakesNoSubscriber() {
        // given
        stream.stop();

        // when
        stream.subscribe(consumer);

        // then
        await().untilAsserted(() -> assertThat(consumer.error).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void creditsThatSalesforceOwesAreTold() {
        // given
        startStream(10, ReplayStore.none());

        // when
        consumer.request(5);

        // then
        await().untilAsserted(() -> assertThat(stream.status().credits()).isEqualTo(5));
        call(1).complete();
        await().untilAsserted(() -> assertThat(stream.status().ends()).containsKey("ok"));
    }

    @Test
    void checkpointIsAsYoungAsItsLastMove() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1, 2);
        consumer.awaitEvents(2);

        // when
        consumer.ack(1);
        assertThat(stream.status().lastCheckpoint()).isEmpty();
        consumer.ack(0);

        // then
        await().untilAsserted(() -> assertThat(stream.status().lastCheckpoint()).isPresent());
    }

    @Test
    void secondSubscriberIsRefused() {
        // given
        startStream(10, ReplayStore.none());
        var second = new Consumer();

        // when
        stream.subscribe(second);

        // then
        await().untilAsserted(() -> assertThat(second.error).isInstanceOf(IllegalStateException.class));
        second.cancel();
        consumer.request(1);
        assertThat(call(1)).isNotNull();
    }

    @Test
    void requestForNothingIsAnError() {
        // given
        startStream(10, ReplayStore.none());

        // when
        consumer.request(0);

        // then
        await().untilAsserted(() -> assertThat(consumer.error).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void eventsOfSeveralSchemasShareATopicAndASchemaMayChangeInMidStream() {
        // given: another field at the end, as when somebody adds one to the event's definition
        Schema evolved = Schema.createRecord(
                "Order__e",
                null,
                "com.sforce.eventbus",
                false,
                Stream.concat(
                                Schemas.ORDER.getFields().stream()
                                        .map(field -> new Schema.Field(field, field.schema())),
                                Stream.of(new Schema.Field("Rush__c", Schema.create(Schema.Type.BOOLEAN))))
                        .toList());
        var rush = new GenericData.Record(evolved);
        rush.put("CreatedDate", 0L);
        rush.put("CreatedById", "005");
        rush.put("Rush__c", true);
        server.schema("order-2", evolved);
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).send(
                        order(1),
                        event(
                                2,
                                ScriptedPubSub.ACCOUNT_SCHEMA,
                                Schemas.accountChange(
                                        "UPDATE", List.of("0x02"), List.of(), List.of(), Map.of("Name", "Acme"))),
                        event(3, "order-2", Schemas.bytes(rush)),
                        order(4));

        // then
        consumer.awaitEvents(4);
        assertThat(consumer.events())
                .extracting(SalesforceEvent::name)
                .containsExactly("Order__e", "AccountChangeEvent", "Order__e", "Order__e");
        assertThat(consumer.events())
                .extracting(event -> new String(event.payload(), StandardCharsets.UTF_8).contains("Rush__c"))
                .containsExactly(false, false, true, false);
        assertThat(server.schemaRequests()).isEqualTo(3);
    }

    @Test
    void changeEventWithoutAnIdIsNamedByItsChange() {
        // given
        byte[] change = Schemas.accountChange("CREATE", List.of(), List.of(), List.of(), Map.of());
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).send(event(1, ScriptedPubSub.ACCOUNT_SCHEMA, change).toBuilder()
                .setEvent(event(1, ScriptedPubSub.ACCOUNT_SCHEMA, change).getEvent().toBuilder()
                        .clearId())
                .build());

        // then
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().id())
                .isEqualTo("00046c7a-0000-0000-0000-000000000001:1:Account:11657372702432");
    }
}
