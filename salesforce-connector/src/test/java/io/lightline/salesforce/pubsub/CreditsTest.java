package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditsTest {

    private final Credits credits = new Credits();

    @Test
    void firstRequestAsksForAllThereIsRoomFor() {
        assertThat(credits.topUp(7)).isEqualTo(7);
        assertThat(credits.topUp(7)).isZero();
    }

    @Test
    void salesforceNeverOwesMoreThanAHundred() {
        assertThat(credits.topUp(Long.MAX_VALUE)).isEqualTo(100);
        assertThat(credits.topUp(Long.MAX_VALUE)).isZero();
        assertThat(credits.outstanding()).isEqualTo(100);
    }

    @Test
    void moreIsAskedForWhenHalfIsUsedUp() {
        // given
        credits.topUp(100);

        // when / then
        credits.received(49, 51);
        assertThat(credits.topUp(100)).isZero();
        credits.received(1, 50);
        assertThat(credits.topUp(100)).isEqualTo(50);
    }

    @Test
    void nothingIsAskedForWhereThereIsNoRoom() {
        assertThat(credits.topUp(0)).isZero();
        assertThat(credits.topUp(-3)).isZero();
    }

    @Test
    void singleFileWorks() {
        for (int i = 0; i < 3; i++) {
            assertThat(credits.topUp(1)).isEqualTo(1);
            credits.received(1, 0);
        }
    }

    @Test
    void serverThatSendsMoreThanItOwesLeavesNoDebt() {
        // given
        credits.topUp(2);

        // when
        credits.received(5, 0);

        // then
        assertThat(credits.outstanding()).isZero();
    }

    @Test
    void idleServerThatOwesLessIsBelieved() {
        // given
        credits.topUp(10);
        credits.received(1, 9);

        // when
        credits.received(0, 0);

        // then
        assertThat(credits.topUp(10)).isEqualTo(10);
    }

    @Test
    void idleServerIsNotBelievedWhileARequestMayBeOnItsWay() {
        // given
        credits.topUp(10);

        // when
        credits.received(0, 0);

        // then
        assertThat(credits.outstanding()).isEqualTo(10);
    }
}
