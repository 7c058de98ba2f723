package io.lightline.simulator.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CreditsTest {

    private final Credits credits = new Credits();

    @Test
    void requestsAddUp() {
        // when
        credits.add(3);
        credits.add(4);
        credits.spend(5);

        // then
        assertThat(credits.pending()).isEqualTo(2);
    }

    @Test
    void neverMoreThanAHundredAreOwed() {
        // when
        credits.add(60);
        credits.add(60);

        // then
        assertThat(credits.pending()).isEqualTo(100);
    }

    @Test
    void aHugeRequestDoesNotOverflow() {
        // when
        credits.add(1);
        credits.add(Integer.MAX_VALUE);

        // then
        assertThat(credits.pending()).isEqualTo(100);
    }

    @Test
    void nothingIsSentOnCredit() {
        assertThatIllegalArgumentException().isThrownBy(() -> credits.spend(1));
    }
}
