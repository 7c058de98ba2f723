package io.lightline.relay.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {

    private static final int RATE = 10;
    private static final int BURST = 5;
    private static final Duration ONE_TOKEN = Duration.ofMillis(100);

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000_000L, -1_000_000_000_000L})
    void letsABurstThroughAndNoMore(long now) {
        // given
        var bucket = new TokenBucket(RATE, BURST, now);

        // when
        long taken = IntStream.range(0, 100).filter(_ -> bucket.take(now)).count();

        // then
        assertThat(taken).isEqualTo(BURST);
    }

    @Test
    void fillsAtItsRateAndNotAboveItsBurst() {
        // given
        var bucket = emptied();

        // then
        assertThat(takenAt(bucket, ONE_TOKEN.minusNanos(1))).isZero();
        assertThat(takenAt(bucket, ONE_TOKEN)).isEqualTo(1);
        assertThat(takenAt(bucket, ONE_TOKEN.multipliedBy(4))).isEqualTo(3);
        assertThat(takenAt(bucket, Duration.ofHours(1))).isEqualTo(BURST);
    }

    @Test
    void refusalsCostNothing() {
        // given
        var bucket = emptied();

        // when
        LongStream.range(0, 1_000).forEach(bucket::take);

        // then
        assertThat(takenAt(bucket, ONE_TOKEN)).isEqualTo(1);
    }

    @Test
    void threadsShareItsTokens() {
        // given
        var bucket = new TokenBucket(RATE, 1_000, 0);

        // when
        long taken = IntStream.range(0, 10_000)
                .parallel()
                .filter(_ -> bucket.take(0))
                .count();

        // then
        assertThat(taken).isEqualTo(1_000);
    }

    private static TokenBucket emptied() {
        var bucket = new TokenBucket(RATE, BURST, 0);
        takenAt(bucket, Duration.ZERO);
        return bucket;
    }

    private static long takenAt(TokenBucket bucket, Duration now) {
        return IntStream.range(0, 100).filter(_ -> bucket.take(now.toNanos())).count();
    }
}
