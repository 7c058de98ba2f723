package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.pubsub.InFlight.Answer;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void checkpointFollowsAcknowledgementsInOrder() {
        // given
        var first = inFlight.add(id(1));
        var second = inFlight.add(id(2));

        // when
        inFlight.answer(first, Answer.ACKNOWLEDGED);

        // then
        assertThat(inFlight.checkpoint()).isEqualTo(id(1));
        inFlight.answer(second, Answer.ACKNOWLEDGED);
        assertThat(inFlight.checkpoint()).isEqualTo(id(2));
    }

    @Test
    void acknowledgementOutOfOrderWaitsForTheOnesBefore() {
        // given
        var first = inFlight.add(id(1));
        var second = inFlight.add(id(2));

        // when
        inFlight.answer(second, Answer.ACKNOWLEDGED);

        // then
        assertThat(inFlight.checkpoint()).isNull();
        inFlight.answer(first, Answer.ACKNOWLEDGED);
        assertThat(inFlight.checkpoint()).isEqualTo(id(2));
    }

    @Test
    void checkpointStaysBeforeARefusedEvent() {
        // given
        inFlight.restartAt(id(9), id(9));
        var first = inFlight.add(id(1));
        var second = inFlight.add(id(2));

        // when
        inFlight.answer(first, Answer.REFUSED);
        inFlight.answer(second, Answer.ACKNOWLEDGED);

        // then
        assertThat(inFlight.checkpoint()).isEqualTo(id(9));
        assertThat(inFlight.unanswered()).isZero();
    }

    @Test
    void secondAnswerIsIgnored() {
        // given
        var only = inFlight.add(id(1));
        inFlight.answer(only, Answer.REFUSED);

        // when
        boolean counted = inFlight.answer(only, Answer.ACKNOWLEDGED);

        // then
        assertThat(counted).isFalse();
        assertThat(inFlight.checkpoint()).isNull();
        assertThat(inFlight.unanswered()).isZero();
    }

    @Test
    void lastIsWhereTheNextEventFollows() {
        // given
        inFlight.restartAt(id(9), id(9));

        // when
        inFlight.add(id(10));

        // then
        assertThat(inFlight.last()).isEqualTo(id(10));
        assertThat(inFlight.checkpoint()).isEqualTo(id(9));
    }

    @Test
    void itemWithoutAPlaceLeavesTheCheckpointWhereItIsButHoldsItBackUntilItIsAnswered() {
        // given
        inFlight.restartAt(id(9), id(9));
        var unplaced = inFlight.addUnplaced();
        var event = inFlight.add(id(10));

        // when
        inFlight.answer(event, Answer.ACKNOWLEDGED);

        // then
        assertThat(inFlight.checkpoint()).isEqualTo(id(9));
        inFlight.answer(unplaced, Answer.ACKNOWLEDGED);
        assertThat(inFlight.checkpoint()).isEqualTo(id(10));
    }

    @Test
    void whatTheStoreHasInForceIsAnotherPlaceUntilAnEventHasMovedIt() {
        // given
        inFlight.restartAt(id(9), null);

        // when
        var event = inFlight.add(id(10));

        // then
        assertThat(inFlight.checkpoint()).isEqualTo(id(9));
        assertThat(inFlight.inForce()).isNull();
        inFlight.answer(event, Answer.ACKNOWLEDGED);
        assertThat(inFlight.inForce()).isEqualTo(id(10));
    }

    private static ReplayId id(int number) {
        return ScriptedPubSub.replayId(number);
    }
}
