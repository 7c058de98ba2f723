package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    @Test
    void threadThatIsBlockedBeatsNoMoreUntilItIsFree() {
        try (var thread = Executors.newSingleThreadScheduledExecutor()) {
            // given
            var heartbeat = new Heartbeat(thread, Duration.ofMillis(1), Duration.ofMillis(500));
            assertThat(heartbeat.beats()).isTrue();
            var free = new CountDownLatch(1);

            // when
            thread.execute(() -> {
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            // then
            await().untilAsserted(() -> assertThat(heartbeat.beats()).isFalse());
            free.countDown();
            await().untilAsserted(() -> assertThat(heartbeat.beats()).isTrue());
            thread.shutdownNow();
        }
    }
}
