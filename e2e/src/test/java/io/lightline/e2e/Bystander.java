package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private static final long PAUSE_MILLIS = 10;

    private final LoneRelay relay;
    private final RelayClient listener;
    private final RelayClient speaker;
    private final Subscription subscription;
    private final Set<Integer> readiness = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService speaking = thread();
    private final ScheduledExecutorService asking = thread();
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
        repeat(bystander.speaking, bystander::speak);
        repeat(bystander.asking, bystander::ask);
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

    /** Returns when what is under way is done. */
    private void stop() {
        speaking.close();
        asking.close();
    }

    private static ScheduledExecutorService thread() {
        return Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    }

    private static void repeat(ScheduledExecutorService thread, Runnable task) {
        var _ = thread.scheduleWithFixedDelay(task, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void speak() {
        speaker.publish(subscription.channel(), Json.object().put("number", published));
        published++;
    }

    private void ask() {
        readiness.add(relay.readiness());
    }
}
