package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PromQlTest {

    @Test
    void theMetricsOfAnExpressionAreWhatIsLeftOfIt() {
        // given
        String expression =
                "sum by (job, code) (increase(a_total{code=~\"a|b\", job=\"c d\"}[5m])) > 0.05 * max(b_seconds) "
                        + "and on (job) (d:rate5m offset 15m unless absent(e)) or vector(0) > 6 * 3600";

        // when, then
        assertThat(PromQl.metrics(expression)).containsExactly("a_total", "b_seconds", "d:rate5m", "e");
    }

    @Test
    void aSeriesHasANameAndLabels() {
        // when, then
        assertThat(PromQl.series("a_total{one=\"x, y\",two=\"\"}"))
                .isEqualTo(new PromQl.Series("a_total", Map.of("one", "x, y", "two", "")));
        assertThat(PromQl.series("a")).isEqualTo(new PromQl.Series("a", Map.of()));
    }
}
