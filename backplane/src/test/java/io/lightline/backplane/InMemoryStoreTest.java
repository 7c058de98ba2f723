package io.lightline.backplane;

import static io.lightline.backplane.BackplaneContract.KEEP;
import static io.lightline.backplane.BackplaneContract.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What takes longer than a test: with a clock that the test moves. */
class InMemoryStoreTest {

    private static final BackplaneConfig CONFIG = TestConfig.defaults();

    private Instant now = Instant.EPOCH;
    private final InMemoryStore store = new InMemoryStore(() -> now);

    @Test
    void theEpochOfAChannelThatNobodyPublishedToIsKnownAsLongAsItIsRead() {
        // given
        var first = top();
        later(Duration.ofMinutes(9));

        // when
        var soon = top();
        later(Duration.ofMinutes(9));
        var soonAgain = top();
        later(Duration.ofMinutes(11));
        var late = top();

        // then
        assertThat(first.offset()).isZero();
        assertThat(soon).isEqualTo(first);
        assertThat(soonAgain).isEqualTo(first);
        assertThat(late.offset()).isZero();
        assertThat(late.epoch()).isNotEqualTo(first.epoch());
    }

    @Test
    void thePositionOfAChannelThatSomebodyPublishedToIsRememberedForLong() {
        // given
        var empty = top();
        store.publish(ORDERS, TestPod.draft("m"), PublishOptions.keeping(KEEP), CONFIG);

        // when
        later(Duration.ofDays(29));
        var known = top();
        later(Duration.ofDays(31));
        var forgotten = top();

        // then
        assertThat(known).isEqualTo(empty.at(1));
        assertThat(forgotten.epoch()).isNotEqualTo(empty.epoch());
    }

    private Position top() {
        return store.history(ORDERS, HistoryQuery.TOP, CONFIG).top();
    }

    private void later(Duration time) {
        now = now.plus(time);
    }
}
