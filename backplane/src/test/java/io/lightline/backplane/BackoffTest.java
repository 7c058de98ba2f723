package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void theCeilingDoublesUpToTheLongestPauseAndStartsAnewAfterASuccess() {
        // given
        var ceilings = new ArrayList<Duration>();
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), recording(ceilings));

        // when
        for (int i = 0; i < 6; i++) {
            backoff.next();
        }
        backoff.reset();
        backoff.next();

        // then
        assertThat(ceilings).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 100L);
    }

    @Test
    void pausesAreAnywhereBetweenNothingAndTheCeiling() {
        // given
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(100), RandomGenerator.getDefault());

        // when
        var pauses = Stream.generate(backoff::next).limit(1000).toList();

        // then
        assertThat(pauses).allMatch(pause -> !pause.isNegative() && pause.compareTo(Duration.ofMillis(100)) <= 0);
        assertThat(pauses).anyMatch(pause -> pause.toMillis() < 30).anyMatch(pause -> pause.toMillis() > 70);
    }

    /** Notes the ceiling it is asked for. */
    private static RandomGenerator recording(List<Duration> ceilings) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public long nextLong(long bound) {
                ceilings.add(Duration.ofNanos(bound - 1));
                return 0;
            }
        };
    }
}
