package io.lightline.publisher.resume;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.LeaseAnswer;
import io.lightline.backplane.LeaseClaim;
import io.lightline.publisher.TestSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

    private static final Set<String> WANTED = Set.of("a", "b");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final LeaseBook book = new LeaseBook(
            TestSettings.with(Map.of("lease.group", "g", "lease.ttl", "10s")).lease(), "me", nanos::get);

    @Test
    void claimNamesWhatIsWantedAndForHowLong() {
        assertThat(book.claim(WANTED)).isEqualTo(new LeaseClaim("g", "me", Duration.ofSeconds(10), WANTED, Set.of()));
    }

    @Test
    void nothingMayBeReadBeforeTheFirstAnswer() {
        // when
        book.claim(WANTED);

        // then
        assertThat(book.readable("a")).isEmpty();
        assertThat(book.valid()).isFalse();
    }

    @Test
    void whatIsHeldMayBeReadUnderItsFence() {
        // when
        answer(Map.of("a", 7L), Set.of());

        // then
        assertThat(book.readable("a")).hasValue(7);
        assertThat(book.readable("b")).isEmpty();
        assertThat(book.leaving("a")).isFalse();
    }

    @Test
    void leaseCountsFromTheMomentBeforeItsClaimAndEndsBeforeTheStoresDoes() {
        // given: an answer that was on its way for eight seconds
        book.claim(WANTED);
        pass(Duration.ofSeconds(8));
        book.answered(new LeaseAnswer(Map.of("a", 7L), Set.of()));

        // when
        assertThat(book.readable("a")).hasValue(7);
        assertThat(book.validity()).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));

        // then: nine of ten seconds are over
        assertThat(book.readable("a")).isEmpty();
        assertThat(book.valid()).isFalse();
    }

    @Test
    void claimWithoutAnAnswerProlongsNothing() {
        // given
        answer(Map.of("a", 7L), Set.of());
        pass(Duration.ofSeconds(5));

        // when
        book.claim(WANTED);
        pass(Duration.ofSeconds(4));

        // then
        assertThat(book.readable("a")).isEmpty();
    }

    @Test
    void lostLeaseMayNotBeRead() {
        // given
        answer(Map.of("a", 7L, "b", 7L), Set.of());

        // when
        answer(Map.of("b", 7L), Set.of());

        // then
        assertThat(book.readable("a")).isEmpty();
        assertThat(book.leaving("a")).isFalse();
        assertThat(book.readable("b")).hasValue(7);
    }

    @Test
    void surplusIsReadNoMoreAndReleasedWithTheNextClaimAfterItsReaderHasEnded() {
        // given
        answer(Map.of("a", 7L, "b", 7L), Set.of("b"));
        assertThat(book.readable("b")).isEmpty();
        assertThat(book.claim(WANTED).released()).isEmpty();

        // when
        assertThat(book.leaving("b")).isTrue();
        book.release("b");

        // then
        assertThat(book.leaving("b")).isFalse();
        assertThat(book.claim(WANTED).released()).containsExactly("b");
        book.answered(new LeaseAnswer(Map.of("a", 7L), Set.of()));
        assertThat(book.claim(WANTED).released()).isEmpty();
    }

    @Test
    void releaseWhoseAnswerWasLostIsSaidAgain() {
        // given
        answer(Map.of("a", 7L), Set.of("a"));
        book.release("a");
        book.claim(WANTED);

        // when
        LeaseClaim again = book.claim(WANTED);

        // then
        assertThat(again.released()).containsExactly("a");
        assertThat(book.readable("a")).isEmpty();
    }

    @Test
    void releasedLeaseThatComesBackMayBeReadUnderItsNewFence() {
        // given
        answer(Map.of("a", 7L), Set.of("a"));
        book.release("a");

        // when
        answer(Map.of("a", 8L), Set.of());

        // then
        assertThat(book.readable("a")).hasValue(8);
    }

    @Test
    void releaseThatAnAnswerDoesNotKnowOfYetStaysDue() {
        // given
        answer(Map.of("a", 7L), Set.of("a"));
        book.claim(WANTED);
        book.release("a");

        // when
        book.answered(new LeaseAnswer(Map.of("a", 7L), Set.of()));

        // then
        assertThat(book.readable("a")).isEmpty();
        assertThat(book.claim(WANTED).released()).containsExactly("a");
    }

    @Test
    void surplusThatIsNeededAfterAllGoesOn() {
        // given
        answer(Map.of("a", 7L), Set.of("a"));

        // when
        answer(Map.of("a", 7L), Set.of());

        // then
        assertThat(book.readable("a")).hasValue(7);
    }

    @Test
    void fencedLeaseIsGivenUpAndOnlyAYoungerOneIsWorthAnything() {
        // given
        answer(Map.of("a", 7L), Set.of());

        // when
        book.fenced("a", 7);

        // then
        assertThat(book.readable("a")).isEmpty();
        assertThat(book.leaving("a")).isTrue();
        answer(Map.of("a", 7L), Set.of());
        assertThat(book.readable("a")).isEmpty();
        answer(Map.of("a", 9L), Set.of());
        assertThat(book.readable("a")).hasValue(9);
    }

    @Test
    void fenceOfALeaseThatIsGoneAlreadyChangesNothing() {
        // given
        answer(Map.of("a", 8L), Set.of());

        // when
        book.fenced("a", 7);

        // then
        assertThat(book.readable("a")).hasValue(8);
    }

    @Test
    void firstLeaseOfAStoreThatHadGivenSomeBeforeShowsThatItHasForgotten() {
        // given
        book.claim(WANTED);
        book.answered(new LeaseAnswer(Map.of("a", 7L), Set.of(), true));
        boolean atTheStart = book.storeHasForgotten();

        // when
        book.claim(WANTED);
        book.answered(new LeaseAnswer(Map.of("a", 8L), Set.of(), true));

        // then
        assertThat(atTheStart).isFalse();
        assertThat(book.storeHasForgotten()).isTrue();
    }

    private void answer(Map<String, Long> held, Set<String> surplus) {
        book.claim(WANTED);
        book.answered(new LeaseAnswer(held, surplus));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
