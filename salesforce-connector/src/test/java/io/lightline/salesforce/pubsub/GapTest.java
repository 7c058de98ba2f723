package io.lightline.salesforce.pubsub;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.event.Gap;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a stream does where events may be missing. */
class GapTest extends StreamFixture {

    @Test
    void unknownReplayIdIsFollowedByWordOfAGapThenByTheLatestEvents() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        call(2).sendOrders(50);
        consumer.awaitEvents(1);
        Gap gap = consumer.gaps().getFirst();
        assertThat(gap)
                .isEqualTo(new Gap(
                        "00D000000000001EAA",
                        TOPIC,
                        replayId(41),
                        "Salesforce does not know the checkpoint any more",
                        gap.detected()));
        assertThat(gap.id()).startsWith("gap:AAAAAAAAACkAAA==:");
        assertThat(consumer.order).containsExactly(gap.id(), "e-50");
        assertThat(consumer.events().getFirst().previous()).isEqualTo(replayId(41));
        assertThat(store.checkpoint).isEqualTo(replayId(41));
        assertThat(stream.status().gaps()).isEqualTo(1);
    }

    @Test
    void eventsWaitUntilTheGapIsAcknowledged() {
        // given
        consumer.holdsGaps = true;
        losePosition();
        call(2).sendOrders(50, 51);
        consumer.awaitGaps(1);
        await().untilAsserted(() -> assertThat(stream.status().received()).isEqualTo(2));
        assertThat(consumer.events()).isEmpty();

        // when
        consumer.ackGap(0);

        // then
        consumer.awaitEvents(2);
    }

    @Test
    void gapIsToldOnlyWhenTheSubscriptionToTheLatestEventsHasSettled() {
        // given
        settle = LONG;
        losePosition();

        // when
        call(2).sendOrders(50);

        // then: Salesforce may still leave out events, so a state that is read now would miss them
        await().untilAsserted(() -> assertThat(stream.status().received()).isEqualTo(1));
        assertThat(consumer.order).isEmpty();
    }

    @Test
    void callsThatEndBeforeTheyHaveSettledTellOneGapInAll() {
        // given
        settle = Duration.ofMillis(200);
        losePosition();

        // when
        call(2).complete();
        call(3).complete();

        // then
        call(4).sendOrders(50);
        consumer.awaitEvents(1);
        assertThat(consumer.gaps()).hasSize(1);
        assertThat(stream.status().gaps()).isEqualTo(1);
    }

    @Test
    void refusedGapIsToldAgainByTheSameName() {
        // given
        consumer.holdsGaps = true;
        losePosition();
        consumer.awaitGaps(1);

        // when
        consumer.nackGap(0);

        // then
        consumer.awaitGaps(2);
        assertThat(consumer.gaps().getLast().id())
                .isEqualTo(consumer.gaps().getFirst().id());
        consumer.ackGap(1);
        call(3).sendOrders(50);
        consumer.awaitEvents(1);
    }

    @Test
    void gapIsForgottenWhenSomebodyElseHasMovedTheCheckpointMeanwhile() {
        // given
        consumer.holdsGaps = true;
        losePosition();
        consumer.awaitGaps(1);

        // when
        store.checkpoint = replayId(60);
        consumer.nackGap(0);

        // then
        assertThat(firstRequest(3).getReplayId()).isEqualTo(bytes(60));
        call(3).sendOrders(61);
        consumer.awaitEvents(1);
        assertThat(consumer.gaps()).hasSize(1);
    }

    @Test
    void keepaliveMovesNoCheckpointBeforeTheGapIsAcknowledged() {
        // given
        consumer.holdsGaps = true;
        losePosition();
        consumer.awaitGaps(1);

        // when
        call(2).keepalive(55, 10);
        call(2).sendOrders(56);
        await().untilAsserted(() -> assertThat(stream.status().received()).isEqualTo(1));

        // then
        assertThat(store.checkpoint).isEqualTo(replayId(41));
        consumer.ackGap(0);
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().previous()).isEqualTo(replayId(41));
    }

    @Test
    void lostPositionMayBeAnsweredWithAllThatIsLeft() {
        // given
        onLostPosition = LostPosition.EARLIEST;

        // when
        losePosition();

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.EARLIEST);
        call(2).sendOrders(45);
        consumer.awaitEvents(1);
        assertThat(consumer.gaps()).hasSize(1);
    }

    @Test
    void lostPositionMayHaltTheTopicUntilAnOperatorMovesTheCheckpoint() {
        // given
        onLostPosition = LostPosition.HALT;
        operatorPause = Duration.ofMillis(20);
        losePosition();
        await().untilAsserted(() -> assertThat(stream.status().halted()).isTrue());
        assertThat(stream.status().ready()).isFalse();
        assertThat(streamState()).startsWith("halted: ");

        // when
        store.checkpoint = replayId(45);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(45));
        await().untilAsserted(() -> assertThat(stream.status().halted()).isFalse());
        assertThat(consumer.gaps()).isEmpty();
        assertThat(stream.status().gaps()).isEqualTo(1);
    }

    @Test
    void reconnectBeforeAnyPositionIsAGapThatFollowsNothing() {
        // given
        startStream(10, store);
        consumer.request(10);
        await().untilAsserted(() -> assertThat(stream.status().ready()).isTrue());

        // when
        call(1).complete();

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        consumer.awaitGaps(1);
        assertThat(consumer.gaps().getFirst().previous()).isNull();
        assertThat(consumer.gaps().getFirst().id()).startsWith("gap:start:");
        assertThat(consumer.gaps().getFirst().reason())
                .isEqualTo("a subscription to the latest events ended before any checkpoint");
    }

    @Test
    void reconnectAfterAKeepaliveIsNoGap() {
        // given
        startStream(10, store);
        consumer.request(10);
        call(1).keepalive(30, 10);
        await().untilAsserted(() -> assertThat(store.checkpoint).isEqualTo(replayId(30)));

        // when
        call(1).complete();

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(30));
        assertThat(stream.status().gaps()).isZero();
    }

    @Test
    void firstCallThatIsRefusedFromTheStartIsNoGap() {
        // given
        settle = LONG;
        operatorPause = Duration.ofMillis(1);
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).fail(Status.Code.NOT_FOUND, "topic.not.found");

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        assertThat(stream.status().gaps()).isZero();
    }

    @Test
    void veryFirstEventThatIsRefusedIsAGapBecauseNothingSaysWhereItWas() {
        // given
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(1);
        consumer.awaitEvents(1);

        // when
        consumer.nack(0);

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        consumer.awaitGaps(1);
    }

    @Test
    void storeThatHasLostItsCheckpointIsWrittenToAsAnEmptyOneFromWhereWeAre() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(8, 9);
        consumer.awaitEvents(2);
        consumer.ack(0);

        // when
        store.checkpoint = null;
        consumer.nack(1);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(8));
        call(2).sendOrders(9);
        consumer.awaitEvents(3);
        assertThat(consumer.events().getLast().previous()).isNull();
        assertThat(stream.status().gaps()).isZero();
    }

    private void losePosition() {
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");
    }

    @Test
    void streamThatBreaksInsideAGapStillStartsWithTheLatest() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");

        // when
        call(2).complete();

        // then
        assertThat(firstRequest(3).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
    }

    @Test
    void afterAGapTheNextCheckpointIsUsedAgain() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");
        call(2).sendOrders(50);
        consumer.awaitEvents(1);
        consumer.ackUpTo(1);

        // when
        call(2).complete();

        // then
        assertThat(firstRequest(3).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(3).getReplayId()).isEqualTo(bytes(50));
    }
}
