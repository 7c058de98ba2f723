package io.lightline.publisher.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RememberedTest {

    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Deque<CompletableFuture<String>> asked = new ArrayDeque<>();
    private long now;

    private final Remembered<String> remembered = new Remembered<>(this::ask, FRESH, () -> now);

    private CompletableFuture<String> ask() {
        asked.add(new CompletableFuture<>());
        return asked.getLast();
    }

    @Test
    void nothingIsKnownUntilTheAnswerCame() {
        // given
        assertThat(remembered.get()).isEmpty();

        // when
        asked.getLast().complete("42");

        // then
        assertThat(remembered.get()).contains("42");
        assertThat(asked).hasSize(1);
    }

    @Test
    void anOldAnswerIsGivenWhileTheNextOneIsOnItsWay() {
        // given
        remembered.get();
        asked.getLast().complete("42");

        // when
        now += FRESH.toNanos();

        // then
        assertThat(remembered.get()).contains("42");
        assertThat(asked).hasSize(2);
        asked.getLast().complete("41");
        assertThat(remembered.get()).contains("41");
    }

    @Test
    void aFailureIsForgottenAfterTheSameTimeAndNotBefore() {
        // given
        remembered.get();
        asked.getLast().complete("42");
        now += FRESH.toNanos();
        remembered.get();

        // when
        asked.getLast().completeExceptionally(new IllegalStateException("403"));

        // then
        assertThat(remembered.get()).isEmpty();
        assertThat(asked).hasSize(2);
        now += FRESH.toNanos();
        remembered.get();
        assertThat(asked).hasSize(3);
    }
}
