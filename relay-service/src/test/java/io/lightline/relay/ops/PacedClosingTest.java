package io.lightline.relay.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacedClosingTest {

    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    private final FakeTicker ticker = new FakeTicker();
    private final PacedClosing closing = new PacedClosing(MAX_PAUSE, ticker, new Random(1));
    private final Set<Integer> open = new TreeSet<>();
    private final Map<Integer, Duration> closedAt = new HashMap<>();
    private final List<Integer> order = new ArrayList<>();

    @Test
    void manyAreSpreadEvenlyOverTheWindow() throws Exception {
        // given
        connect(0, 3_000);

        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(order).hasSize(3_000);
        IntStream.range(0, 30)
                .forEach(second -> assertThat(closedBetween(second, second + 1))
                        .as("in second %d", second)
                        .isBetween(99L, 101L));
        assertThat(ticker.now()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void fewDoNotTakeTheWholeWindow() throws Exception {
        // given
        connect(0, 4);

        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(closedAt.values())
                .containsExactlyInAnyOrder(
                        Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1500));
        assertThat(ticker.now()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void theOrderIsRandom() throws Exception {
        // given
        connect(0, 100);

        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(order)
                .doesNotHaveDuplicates()
                .hasSize(100)
                .isNotEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void nobodyCostsNothing() throws Exception {
        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(ticker.now()).isZero();
    }

    @Test
    void whoComesMeanwhileIsClosedToo() throws Exception {
        // given
        connect(0, 10);
        ticker.at(Duration.ofSeconds(2), () -> connect(10, 20));

        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(order).hasSize(20).doesNotHaveDuplicates();
        assertThat(open).isEmpty();
    }

    @Test
    void whoIsStillThereAtTheEndOfTheWindowIsClosedAtOnce() throws Exception {
        // given: somebody who takes no leave, and others who come at the last moment
        connect(0, 1);
        Consumer<Integer> deaf = connection -> {
            closedAt.put(connection, ticker.now());
            order.add(connection);
        };
        ticker.at(Duration.ofMillis(29_990), () -> connect(1, 4));

        // when
        drain(Duration.ofSeconds(30), deaf);

        // then
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(ticker.now()).isBetween(Duration.ofSeconds(30), Duration.ofMillis(30_100));
    }

    @Test
    void itEndsWhenTheLastHasLeftByItself() throws Exception {
        // given
        connect(0, 60);
        ticker.at(Duration.ofSeconds(3), open::clear);

        // when
        drain(Duration.ofSeconds(30), this::close);

        // then
        assertThat(ticker.now()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
        assertThat(order).hasSizeLessThan(10);
    }

    @Test
    void aWindowOfNothingClosesAllAtOnce() throws Exception {
        // given
        connect(0, 10);

        // when
        drain(Duration.ZERO, this::close);

        // then
        assertThat(order).hasSize(10);
        assertThat(ticker.now()).isZero();
    }

    @Test
    void someAreClosedUntilThatIsEnough() throws Exception {
        // given
        connect(0, 20);

        // when
        closing.some(List.copyOf(open), Duration.ofSeconds(10), this::close, () -> open.size() <= 15);

        // then
        assertThat(order).hasSize(5);
        assertThat(open).hasSize(15);
    }

    private void drain(Duration window, Consumer<Integer> close) throws InterruptedException {
        closing.all(window, open::stream, close, open::isEmpty);
    }

    private void connect(int from, int to) {
        IntStream.range(from, to).forEach(open::add);
    }

    private void close(Integer connection) {
        open.remove(connection);
        order.add(connection);
        closedAt.put(connection, ticker.now());
    }

    private long closedBetween(int from, int to) {
        return closedAt.values().stream()
                .filter(at -> at.compareTo(Duration.ofSeconds(from)) >= 0 && at.compareTo(Duration.ofSeconds(to)) < 0)
                .count();
    }
}
