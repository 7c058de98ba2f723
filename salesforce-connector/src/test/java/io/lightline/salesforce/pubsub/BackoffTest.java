package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final List<Long> bounds = new ArrayList<>();
    private final Backoff backoff = new Backoff(Duration.ofNanos(100), Duration.ofNanos(350), new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            bounds.add(bound - 1);
            return bound - 1;
        }
    });

    @Test
    void boundDoublesUpToTheLongest() {
        // when
        for (int i = 0; i < 4; i++) {
            backoff.next();
        }

        // then
        assertThat(bounds).containsExactly(100L, 200L, 350L, 350L);
    }

    @Test
    void successStartsItAnew() {
        // given
        backoff.next();
        backoff.next();

        // when
        backoff.reset();

        // then
        assertThat(backoff.next()).isEqualTo(Duration.ofNanos(100));
    }
}
