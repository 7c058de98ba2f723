package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.TestConfig;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class HubTest {

    private static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");
    private static final Retention KEEP = new Retention(100, Duration.ofMinutes(5));

    private InMemoryStore store;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final FanoutLoop loop = new FanoutLoop(thread);
    private LossyBackplane backplane;
    private InMemoryBackplane otherPod;
    private Hub hub;

    @BeforeEach
    void start() {
        start("1h");
    }

    private void start(String checkInterval) {
        start(checkInterval, Map.of());
    }

    private void start(String checkInterval, Map<String, String> backplaneConfig) {
        store = new InMemoryStore();
        backplane = new LossyBackplane(pod(backplaneConfig));
        otherPod = pod(backplaneConfig);
        hub = Hubs.started(
                backplane,
                registry,
                Map.of(
                        "lightline.hub.position-check-interval", checkInterval,
                        "lightline.hub.retry-delay", "20ms",
                        "lightline.hub.recovery-limit", "50",
                        "lightline.hub.recovery-bytes", "600K"));
    }

    private InMemoryBackplane pod(Map<String, String> config) {
        return new InMemoryBackplane(store, TestConfig.of(BackplaneConfig.class, config));
    }

    @AfterEach
    void stop() {
        closePods();
        thread.shutdown();
    }

    private void closePods() {
        backplane.readings.countDown();
        backplane.close().await().indefinitely();
        otherPod.close().await().indefinitely();
    }

    @Test
    void aSubscriberGetsEverythingPublishedAfterItsPosition() {
        // given
        publish(3);
        var alice = listener();

        // when
        alice.listens();
        publish(3);

        // then
        assertThat(alice.position.offset()).isEqualTo(3);
        alice.awaitOffsets(4, 6);
        assertThat(alice.recovery).isNull();
    }

    @Test
    void aReturningSubscriberGetsWhatItMissedAndThenTheLiveOnes() {
        // given
        var staying = listener();
        staying.listens();
        publish(10);
        staying.awaitOffsets(1, 10);
        var returning = listener();

        // when
        returning.join(top().at(4));
        await().untilAsserted(() -> assertThat(returning.recovery).isNotNull());
        publish(2);

        // then
        assertThat(returning.recovery.complete()).isTrue();
        assertThat(returning.recovery.publications())
                .extracting(p -> p.offset())
                .containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
        returning.awaitOffsets(11, 12);
        staying.awaitOffsets(1, 12);
    }

    @Test
    void theFirstSubscriberRecoversToo() {
        // given
        publish(5);
        var alice = listener();

        // when
        alice.join(top().at(2));

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        assertThat(alice.recovery.publications()).extracting(p -> p.offset()).containsExactly(3L, 4L, 5L);
    }

    @Test
    void whatIsPublishedDuringARecoveryIsNeitherLostNorDoubled() throws Exception {
        // given
        var staying = listener();
        staying.listens();
        publish(5);
        staying.awaitOffsets(1, 5);
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        var returning = listener();

        // when
        returning.join(top().at(1));
        await().untilAsserted(() -> assertThat(backplane.historyReads.get()).isPositive());
        publish(5);
        staying.awaitOffsets(1, 10);
        gate.countDown();
        await().untilAsserted(() -> assertThat(returning.recovery).isNotNull());
        publish(2);

        // then
        assertThat(returning.position.offset()).isEqualTo(10);
        assertThat(returning.recovery.publications())
                .extracting(p -> p.offset())
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 10).boxed().toList());
        returning.awaitOffsets(11, 12);
    }

    @Test
    void concurrentRecoveriesShareReadings() {
        // given
        var staying = listener();
        staying.listens();
        publish(20);
        staying.awaitOffsets(1, 20);
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        int before = backplane.historyReads.get();

        // when
        var returning = IntStream.range(0, 50).mapToObj(_ -> listener()).toList();
        returning.forEach(one -> one.join(top().at(10)));
        await().untilAsserted(() -> assertThat(backplane.historyReads.get()).isGreaterThan(before));
        gate.countDown();

        // then
        await().untilAsserted(() ->
                assertThat(returning).allSatisfy(one -> assertThat(one.recovery).isNotNull()));
        assertThat(returning)
                .allSatisfy(one -> assertThat(one.recovery.publications()).hasSize(10));
        assertThat(backplane.historyReads.get() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void aGapIsReadOnceAndNobodyNotices() {
        // given
        var subscribers = IntStream.range(0, 10).mapToObj(_ -> listener()).toList();
        subscribers.forEach(one -> one.join(null));
        await().untilAsserted(() -> assertThat(subscribers)
                .allSatisfy(one -> assertThat(one.position).isNotNull()));
        int before = backplane.historyReads.get();
        backplane.loses = offset -> offset >= 3 && offset <= 5;

        // when
        publish(8);

        // then
        subscribers.forEach(one -> one.awaitOffsets(1, 8));
        assertThat(subscribers).noneMatch(one -> one.lost);
        assertThat(backplane.historyReads.get() - before).isLessThanOrEqualTo(2);
        assertThat(count("lightline.feeds.gaps")).isEqualTo(1);
    }

    @Test
    void aLostLastPublicationIsFoundByTheCheck() {
        // given
        closePods();
        start("100ms");
        var alice = listener();
        alice.listens();
        publish(2);
        alice.awaitOffsets(1, 2);
        backplane.loses = offset -> offset == 3;

        // when
        publish(1);

        // then
        alice.awaitOffsets(1, 3);
    }

    @Test
    void nothingWaitsForACheck() {
        // given: a check that is being read, of a feed that is up to date
        closePods();
        start("20ms");
        var alice = listener();
        alice.listens();
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        await().untilAsserted(() -> assertThat(backplane.heldBack).contains(ORDERS));

        // when
        publish(2);
        var bob = listener();
        bob.listens();
        publish(1);

        // then
        alice.awaitOffsets(1, 3);
        bob.awaitOffsets(3, 3);
        gate.countDown();
    }

    @Test
    void aFeedIsCheckedOnceAtATime() {
        // given: a check that takes long
        closePods();
        start("20ms");
        var alice = listener();
        alice.listens();
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        await().untilAsserted(() -> assertThat(backplane.heldBack).contains(ORDERS));
        int held = backplane.readsOf.get(ORDERS);

        // when: other feeds are checked again and again
        backplane.readings = new CountDownLatch(0);
        var bob = new Listener(hub, new ChannelName("acme", "other"), loop);
        bob.listens();
        await().untilAsserted(
                        () -> assertThat(backplane.readsOf.get(bob.channel)).isGreaterThan(4));

        // then
        assertThat(backplane.readsOf.get(ORDERS)).isEqualTo(held);
        gate.countDown();
        await().untilAsserted(() -> assertThat(backplane.readsOf.get(ORDERS)).isGreaterThan(held));
    }

    @Test
    void subscribersAreCountedOnceByChannelAndTenant() throws Exception {
        // given
        var alice = listener();
        var bob = listener();
        bob.filter = Filter.parse(RawJson.of("{\"key\":\"region\",\"cmp\":\"ex\"}"));
        var stranger = new Listener(hub, new ChannelName("other", "/event/Order__e"), loop);
        alice.listens();
        bob.listens();
        stranger.listens();

        // when
        var counts = new CompletableFuture<Map<String, Integer>>();
        backplane.deliveryThread().execute(() -> counts.complete(hub.subscribers("acme")));

        // then
        assertThat(counts).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Map.of("/event/Order__e", 2));
    }

    @Test
    void whatWasMissedIsReadWhenTheBackplaneIsBack() {
        // given
        var alice = listener();
        alice.listens();
        publish(2);
        alice.awaitOffsets(1, 2);
        backplane.loses = offset -> offset > 2;
        publish(3);
        awaitLost(3);

        // when
        backplane.loses = offset -> false;
        backplane.deliveryThread().execute(hub::restored);

        // then
        alice.awaitOffsets(1, 5);
    }

    @Test
    void aStreamThatForgotTellsItsSubscribers() {
        // given
        var alice = listener();
        alice.listens();
        publish(2);
        alice.awaitOffsets(1, 2);
        var old = top();
        backplane.loses = offset -> true;
        publish(150);
        awaitLost(150);

        // when
        backplane.loses = offset -> false;
        backplane.deliveryThread().execute(hub::restored);

        // then
        await().untilAsserted(() -> assertThat(alice.lost).isTrue());
        var again = listener();
        again.join(old);
        await().untilAsserted(() -> assertThat(again.recovery).isEqualTo(Recovered.NOT));
        publish(1);
        again.awaitOffsets(153, 153);
        assertThat(alice.offsets).containsExactly(1L, 2L);
    }

    @Test
    void whoWaitedForTheFirstPublicationIsToldWhenTheEmptyStreamWasForgottenMeanwhile() {
        // given
        closePods();
        start("1h", Map.of("lightline.backplane.position-ttl", "100ms"));
        var alice = listener();
        alice.listens();

        // when
        await().pollDelay(Duration.ofMillis(200)).untilAsserted(() -> {
            publish(1);
            assertThat(top().epoch()).isNotEqualTo(alice.position.epoch());
        });

        // then
        await().untilAsserted(() -> assertThat(alice.lost).isTrue());
        var again = listener();
        again.join(alice.position);
        await().untilAsserted(() -> assertThat(again.recovery).isEqualTo(Recovered.NOT));
        assertThat(again.position).isEqualTo(top());
        publish(1);
        again.awaitOffsets(again.position.offset() + 1, again.position.offset() + 1);
    }

    @Test
    void aLostLastPublicationIsFoundAmongThoseThatKeepNoPlace() {
        // given
        closePods();
        start("50ms");
        var alice = listener();
        alice.listens();
        backplane.loses = offset -> offset == 1;

        // when
        publish(1);

        // then
        await().untilAsserted(() -> {
            otherPod.publish(ORDERS, draft(0), PublishOptions.keeping(Retention.NONE))
                    .await()
                    .indefinitely();
            assertThat(alice.deliveries).anyMatch(push -> push.contains("\"offset\":1"));
        });
    }

    @Test
    void anUnknownEpochDoesNotRecover() {
        // given
        publish(3);
        var alice = listener();

        // when
        alice.join(new Position(2, "another life"));

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
        assertThat(alice.position).isEqualTo(top());
    }

    @Test
    void aClientThatIsAheadOfThisPodRecovers() {
        // given: it saw 4 on another pod, and this pod has not heard of it yet
        var staying = listener();
        staying.listens();
        publish(3);
        staying.awaitOffsets(1, 3);
        backplane.loses = offset -> offset == 4;
        publish(1);
        var alice = listener();

        // when
        alice.join(top());

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        assertThat(alice.recovery.complete()).isTrue();
        assertThat(alice.position.offset()).isEqualTo(4);
        staying.awaitOffsets(1, 4);
    }

    @Test
    void oneWhoMissedTooMuchIsTold() {
        // given
        publish(60);
        var alice = listener();

        // when
        alice.join(top().at(5));

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
    }

    @Test
    void oneWhoMissedTooManyBytesIsTold() {
        // given
        var top = top();
        for (int i = 0; i < 3; i++) {
            otherPod.publish(ORDERS, large(), PublishOptions.keeping(KEEP))
                    .await()
                    .indefinitely();
        }
        var alice = listener();
        var bob = listener();

        // when
        alice.join(top);
        bob.join(top.at(1));

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
        await().untilAsserted(() -> assertThat(bob.recovery).isNotNull());
        assertThat(bob.recovery.publications()).hasSize(2);
    }

    @Test
    void oneWhoMissedTooManyBytesDoesNotKeepTheOthersFromRecovering() {
        // given
        var top = top();
        publish("x".repeat(900_000));
        publish("x".repeat(900_000));
        publish(2);
        listener().listens();
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        int before = backplane.historyReads.get();
        listener().join(top.at(3));
        await().untilAsserted(() -> assertThat(backplane.historyReads.get()).isGreaterThan(before));
        var alice = listener();
        var bob = listener();

        // when
        alice.join(top);
        bob.join(top.at(2));
        gate.countDown();

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
        await().untilAsserted(() -> assertThat(bob.recovery).isNotNull());
        assertThat(bob.recovery.publications()).extracting(Publication::offset).containsExactly(3L, 4L);
    }

    @Test
    void aGapOfManyBytesIsReadInPieces() {
        // given
        var alice = listener();
        alice.listens();
        backplane.loses = offset -> offset < 5;
        int before = backplane.historyReads.get();

        // when
        for (int i = 0; i < 5; i++) {
            publish("x".repeat(700_000));
        }

        // then
        alice.awaitOffsets(1, 5);
        assertThat(backplane.historyReads.get() - before).isGreaterThanOrEqualTo(5);
        assertThat(alice.lost).isFalse();
    }

    @Test
    void whatWasMissedIsMeasuredBeforeAFilterLooksAtIt() throws Exception {
        // given
        var top = top();
        for (int i = 0; i < 3; i++) {
            otherPod.publish(ORDERS, large(), PublishOptions.keeping(KEEP))
                    .await()
                    .indefinitely();
        }
        var alice = listener();
        alice.filter = Filter.parse(RawJson.of("{\"key\":\"region\",\"cmp\":\"ex\"}"));

        // when
        alice.join(top);

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
    }

    @Test
    void aMultitudeThatReturnsAtOnceIsServedByOneReading() throws Exception {
        // given
        var staying = listener();
        staying.listens();
        publish(20);
        staying.awaitOffsets(1, 20);
        var since = new Interest(Following.STREAM, null, false, top().at(10));
        backplane.readings = new CountDownLatch(1);
        int before = backplane.historyReads.get();
        var recovered = new LongAdder();

        // when: each comparison of one with another would take minutes
        IntStream.range(0, 200_000).forEach(_ -> hub.join(ORDERS, since, new Returning(loop, recovered)));
        backplane.deliveryThread().execute(backplane.readings::countDown);

        // then
        await().untilAsserted(() -> assertThat(recovered.sum()).isEqualTo(200_000));
        assertThat(backplane.historyReads.get() - before).isEqualTo(1);
    }

    /** Counts itself when it got what it missed. */
    private record Returning(FanoutLoop loop, LongAdder recovered) implements Subscriber {

        @Override
        public void joined(Position position, Recovered recovery) {
            recovered.add(recovery.publications().size() == 10 ? 1 : 0);
        }

        @Override
        public void refused(Refusal reason) {}

        @Override
        public Delivery deliver(ServerFrame frame) {
            return Delivery.DELIVERED;
        }

        @Override
        public Delivery deliverNotice(ServerFrame frame) {
            return Delivery.DELIVERED;
        }

        @Override
        public void deliverPresence(ServerFrame frame) {}

        @Override
        public Encoding encoding() {
            return Encoding.JSON;
        }

        @Override
        public void flush() {}

        @Override
        public void lost() {}
    }

    @Test
    void aPublicationOfAFormerLifeIsReadPast() {
        // given
        var alice = listener();
        alice.listens();
        publish(2);
        alice.awaitOffsets(1, 2);
        int before = backplane.historyReads.get();

        // when
        backplane
                .deliveryThread()
                .execute(() -> hub.onPublication(ORDERS, "former life", new Publication(11, draft(11))));
        publish(2);

        // then
        alice.awaitOffsets(1, 4);
        var bob = listener();
        bob.listens();
        assertThat(backplane.historyReads.get() - before).isLessThanOrEqualTo(3);
        assertThat(alice.lost).isFalse();
    }

    @Test
    void aJoinIsRefusedWhileTheBackplaneIsDown() {
        // given
        backplane.down = true;
        var alice = listener();

        // when
        alice.join(null);
        await().untilAsserted(() -> assertThat(alice.refused).isTrue());
        backplane.down = false;
        var bob = listener();
        bob.listens();
        publish(1);

        // then
        bob.awaitOffsets(1, 1);
        assertThat(alice.offsets).isEmpty();
    }

    @Test
    void firstInSubscribesAndLastOutReleasesTheChannel() {
        // given
        var alice = listener();
        var bob = listener();
        alice.listens();
        bob.listens();

        // when
        alice.leave();
        publish(1);
        bob.awaitOffsets(1, 1);
        bob.leave();

        // then
        await().untilAsserted(() -> assertThat(hub.channels()).isZero());
        assertThat(backplane.subscribes.get()).isEqualTo(1);
        assertThat(backplane.unsubscribes.get()).isEqualTo(1);
        assertThat(alice.offsets).isEmpty();
    }

    @Test
    void leavingWhileJoiningLeavesNothingBehind() {
        // given
        var gate = new CountDownLatch(1);
        backplane.readings = gate;
        var alice = listener();

        // when
        alice.join(null);
        alice.leave();
        gate.countDown();

        // then
        await().untilAsserted(() -> assertThat(backplane.unsubscribes.get()).isEqualTo(1));
        assertThat(hub.channels()).isZero();
        assertThat(alice.position).isNull();
    }

    @Test
    void aChannelWithoutHistoryPassesOnWhatComes() {
        // given
        var alice = listener();
        alice.following = Following.LIVE;
        alice.join(new Position(7, "e"));
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));

        // when
        for (int i = 0; i < 3; i++) {
            otherPod.publish(ORDERS, draft(i), PublishOptions.keeping(Retention.NONE))
                    .await()
                    .indefinitely();
        }

        // then
        await().untilAsserted(() -> assertThat(alice.deliveries).hasSize(3));
        assertThat(alice.position).isNull();
    }

    @Test
    void sumsHold() {
        // given
        var subscribers = IntStream.range(0, 5).mapToObj(_ -> listener()).toList();
        subscribers.forEach(one -> one.join(null));
        await().untilAsserted(() -> assertThat(subscribers)
                .allSatisfy(one -> assertThat(one.position).isNotNull()));
        subscribers.getFirst().answer = Subscriber.Delivery.SLOW;
        backplane.loses = offset -> offset % 7 == 0;

        // when
        publish(40);
        subscribers.subList(1, 5).forEach(one -> one.awaitOffsets(1, 40));
        subscribers.forEach(Listener::leave);
        await().untilAsserted(() -> assertThat(hub.channels()).isZero());

        // then
        assertThat(count("lightline.publications.received"))
                .isPositive()
                .isEqualTo(count("lightline.publications.broadcast") + count("lightline.publications.dropped"));
        assertThat(count("lightline.deliveries.due"))
                .isEqualTo(200)
                .isEqualTo(count("lightline.deliveries.delivered") + count("lightline.deliveries.dropped"));
        assertThat(count("lightline.deliveries.dropped")).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-reads", "presence-rate", "presence-burst"})
    void aLimitThatLetsNothingThroughIsNotAccepted(String key) {
        // given
        var config = TestConfig.of(HubConfig.class, Map.of("lightline.hub." + key, "0"));
        var metrics = new FanoutMetrics(registry);

        // then
        assertThatThrownBy(() ->
                        new Hub(backplane, Hubs.renderer(), metrics, new FanoutTraces(OpenTelemetry.noop()), config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("lightline.hub." + key + " is 0, and 1 is the least");
    }

    private double count(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            otherPod.publish(ORDERS, draft(i), PublishOptions.keeping(KEEP))
                    .await()
                    .indefinitely();
        }
    }

    private void publish(String text) {
        otherPod.publish(ORDERS, Draft.of(RawJson.of('"' + text + '"')), PublishOptions.keeping(KEEP))
                .await()
                .indefinitely();
    }

    private Listener listener() {
        return new Listener(hub, ORDERS, loop);
    }

    /** What is published is heard a moment later. */
    private void awaitLost(int count) {
        await().untilAsserted(() -> assertThat(backplane.lost.get()).isEqualTo(count));
    }

    private Position top() {
        return otherPod.history(ORDERS, HistoryQuery.TOP).await().indefinitely().top();
    }

    private static Draft large() {
        return Draft.of(RawJson.of("\"" + "x".repeat(250_000) + "\""));
    }

    private static Draft draft(int number) {
        return Draft.of(RawJson.of("" + number));
    }
}
