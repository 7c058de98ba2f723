package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Somebody decent on a relay that others attack: subscribes to a channel on which another client publishes numbers, one after the
 * other, and asks all the time whether the relay is ready.
 */
final class Bystander implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** How many it has on the relay. */
    static final int CONNECTIONS = 2;

    private static final int ENOUGH = 50;
    private static final int READY = 200;

    private final LoneRelay relay;
    private final RelayClient listener;
    private final RelayClient speaker;
    private final Subscription subscription;
    private final Set<Integer> readiness = ConcurrentHashMap.newKeySet();
    private final Thread speaking = Thread.ofVirtual().unstarted(this::speakUntilStopped);
    private final Thread asking = Thread.ofVirtual().unstarted(this::askUntilStopped);
    private volatile boolean stopped;
    private volatile int published;

    private Bystander(LoneRelay relay, String channel) {
        this.relay = relay;
        this.listener = RelayClient.connect(relay.webSocketUri());
        this.speaker = RelayClient.connect(relay.webSocketUri());
        this.subscription = listener.subscribe(channel);
    }

    /** Begins to listen, to speak and to ask; returns when some messages have come. */
    static Bystander on(LoneRelay relay, String channel) {
        var bystander = new Bystander(relay, channel);
        bystander.speaking.start();
        bystander.asking.start();
        bystander.hearsMore();
        return bystander;
    }

    /** Waits until more has been published and heard than up to now. */
    void hearsMore() {
        int goal = published + ENOUGH;
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(subscription.publications()).hasSizeGreaterThan(goal));
    }

    /** Ends the stream of messages: all of them came, in order and once, and the relay was always ready. */
    void wasNotHarmed() {
        stop();
        List<Integer> everything = IntStream.range(0, published).boxed().toList();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(subscription.data())
                        .extracting(data -> data.path("number").asInt())
                        .isEqualTo(everything));
        subscription.hasNoSilentGap();
        assertThat(readiness).containsExactly(READY);
    }

    @Override
    public void close() {
        stop();
        listener.close();
        speaker.close();
    }

    private void stop() {
        stopped = true;
        try {
            speaking.join();
            asking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void speakUntilStopped() {
        while (!stopped) {
            speaker.publish(subscription.channel(), Json.object().put("number", published));
            published++;
        }
    }

    private void askUntilStopped() {
        while (!stopped) {
            readiness.add(relay.readiness());
        }
    }
}
