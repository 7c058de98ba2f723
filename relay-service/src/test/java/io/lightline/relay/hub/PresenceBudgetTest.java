package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PresenceBudgetTest {

    private static final Duration ONE = Duration.ofMillis(100);

    private final PresenceBudget budget = new PresenceBudget(10, 5, 0);

    @Test
    void aBurstGoesOutAndNoMore() {
        assertThat(takenAt(Duration.ZERO)).isEqualTo(5);
    }

    @Test
    void itFillsAtItsRateAndNotAboveItsBurst() {
        // given
        takenAt(Duration.ZERO);

        // then
        assertThat(takenAt(ONE.minusNanos(1))).isZero();
        assertThat(takenAt(ONE)).isEqualTo(1);
        assertThat(takenAt(ONE.multipliedBy(3))).isEqualTo(2);
        assertThat(takenAt(Duration.ofHours(1))).isEqualTo(5);
    }

    private long takenAt(Duration now) {
        return IntStream.range(0, 100).filter(_ -> budget.take(now.toNanos())).count();
    }
}
