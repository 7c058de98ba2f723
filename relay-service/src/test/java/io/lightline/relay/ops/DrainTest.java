package io.lightline.relay.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.TestConfig;
import io.lightline.relay.admission.Admissions;
import io.lightline.relay.session.SessionLoops;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrainTest {

    private final FakeTicker ticker = new FakeTicker();
    private final ApiRequests requests = new ApiRequests();
    private final Drain drain = new Drain(
            Admissions.usual(),
            new SessionLoops(),
            requests,
            new PacedClosing(Duration.ofMillis(500), ticker, new Random(1)),
            TestConfig.of(DrainConfig.class, Map.of()),
            new SimpleMeterRegistry());

    @Test
    void aPodWithNothingToDoEndsAtOnce() {
        // when
        drain.drain(new ShutdownDelayInitiatedEvent());

        // then
        assertThat(ticker.now()).isZero();
    }

    @Test
    void requestsThatAreBeingAnsweredAreAnsweredFirst() {
        // given
        Runnable first = requests.begin();
        Runnable second = requests.begin();
        ticker.at(Duration.ofSeconds(1), first);
        ticker.at(Duration.ofMillis(1_500), first);
        ticker.at(Duration.ofSeconds(2), second);

        // when
        drain.drain(new ShutdownDelayInitiatedEvent());

        // then
        assertThat(requests.running()).isZero();
        assertThat(ticker.now()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_100));
    }

    @Test
    void aRequestThatHangsDoesNotHoldThePodUp() {
        // given
        var _ = requests.begin();

        // when
        drain.drain(new ShutdownDelayInitiatedEvent());

        // then
        assertThat(ticker.now()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_100));
    }
}
