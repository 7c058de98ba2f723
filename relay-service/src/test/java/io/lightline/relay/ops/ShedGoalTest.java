package io.lightline.relay.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShedGoalTest {

    @ParameterizedTest
    @CsvSource({
        "1000,, 1200, 1000",
        "1000,, 800, 800",
        "0,, 800, 0",
        ", 0.2, 1000, 800",
        ", .7, 10, 3",
        ", 0.29, 100, 71",
        ", 0, 10, 10",
        ", 1, 10, 0",
        ", 1.0, 10, 0",
        ", 0.5, 0, 0",
    })
    void saysHowManyStay(@Nullable String target, @Nullable String fraction, int connections, int keep) {
        assertThat(ShedGoal.parse(target, fraction).keep(connections)).isEqualTo(keep);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "1.5", "", "12345678901234567890"})
    void namesABadTarget(String target) {
        assertThatThrownBy(() -> ShedGoal.parse(target, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target must be")
                .hasMessageEndingWith(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1.1", "2", "20%", "NaN", "1e-3", "."})
    void namesABadFraction(String fraction) {
        assertThatThrownBy(() -> ShedGoal.parse(null, fraction))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fraction must be")
                .hasMessageEndingWith(fraction);
    }

    @Test
    void wantsExactlyOneOfThem() {
        assertThatThrownBy(() -> ShedGoal.parse(null, null)).hasMessageContaining("give target");
        assertThatThrownBy(() -> ShedGoal.parse("1", "0.5")).hasMessageContaining("not both: 1, 0.5");
    }
}
