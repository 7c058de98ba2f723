package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceOptions;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.TestConfig;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.Encoding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers of one channel who want different things of it: filters, the latest value only, who comes and goes. */
@NullUnmarked
class AudienceTest {

    private static final ChannelName PRICES = new ChannelName("demo", "prices");
    private static final Retention KEEP = new Retention(3, Duration.ofMinutes(10));
    private static final PresenceOptions ANNOUNCED = new PresenceOptions(true, true);

    private final InMemoryStore store = new InMemoryStore();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final FanoutLoop loop = new FanoutLoop(thread);
    private final LossyBackplane backplane = new LossyBackplane(pod());
    private final InMemoryBackplane otherPod = pod();
    private Hub hub;

    @BeforeEach
    void start() {
        hub = Hubs.started(
                backplane,
                registry,
                Map.of(
                        "lightline.hub.position-check-interval", "1h",
                        "lightline.hub.presence-rate", "1",
                        "lightline.hub.presence-burst", "5",
                        "lightline.hub.max-filters", "2"));
    }

    private InMemoryBackplane pod() {
        return new InMemoryBackplane(store, TestConfig.of(BackplaneConfig.class, Map.of()));
    }

    @AfterEach
    void stop() {
        backplane.readings.countDown();
        backplane.close().await().indefinitely();
        otherPod.close().await().indefinitely();
        thread.shutdown();
    }

    @Test
    void aFilterLetsThroughWhatItsSubscriberWants() throws Exception {
        // given
        Listener all = listener();
        Listener europe = listener();
        europe.filter = region("EMEA");
        Listener alsoEurope = listener();
        alsoEurope.filter = region("EMEA");
        Listener asia = listener();
        asia.filter = region("APAC");
        all.listens();
        europe.listens();
        alsoEurope.listens();
        asia.listens();

        // when
        publish("EMEA");
        publish("AMER");
        publish("EMEA");

        // then
        all.awaitOffsets(1, 3);
        await().untilAsserted(() -> assertThat(europe.offsets).containsExactly(1L, 3L));
        await().untilAsserted(() -> assertThat(alsoEurope.offsets).containsExactly(1L, 3L));
        assertThat(asia.offsets).isEmpty();
    }

    @Test
    void whatNoFilterWantsIsCountedAsFiltered() throws Exception {
        // given
        Listener asia = listener();
        asia.filter = region("APAC");
        asia.listens();

        // when
        publish("EMEA");
        publish("APAC");

        // then
        await().untilAsserted(() -> assertThat(asia.offsets).containsExactly(2L));
        assertThat(registry.get("lightline.publications.dropped")
                        .tag("reason", "filtered")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatIsRecoveredPassesTheFilterToo() throws Exception {
        // given
        publish("EMEA");
        Position start = top();
        publish("APAC");
        publish("EMEA");
        Listener europe = listener();
        europe.filter = region("EMEA");

        // when
        europe.join(start);

        // then
        await().untilAsserted(() -> assertThat(europe.recovery).isNotNull());
        assertThat(europe.recovery.complete()).isTrue();
        assertThat(europe.recovery.publications())
                .extracting(publication -> publication.offset())
                .containsExactly(3L);
        assertThat(europe.position).isEqualTo(top());
    }

    @Test
    void whoFollowsTheLatestValueHasItAtOnce() {
        // given
        publish("EMEA");
        publish("AMER");
        Listener alice = latest();

        // when
        alice.join(null);

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        assertThat(alice.recovery.publications())
                .extracting(publication -> publication.offset())
                .containsExactly(2L);
        publish("EMEA");
        await().untilAsserted(() -> assertThat(alice.offsets).containsExactly(3L));
    }

    @Test
    void theLatestValuePassesTheFilterToo() throws Exception {
        // given
        publish("APAC");
        Listener europe = latest();
        europe.filter = region("EMEA");

        // when
        europe.join(null);

        // then
        await().untilAsserted(() -> assertThat(europe.recovery).isNotNull());
        assertThat(europe.recovery.publications()).isEmpty();
        publish("EMEA");
        await().untilAsserted(() -> assertThat(europe.offsets).containsExactly(2L));
    }

    @Test
    void aChannelHasSoManyDifferentFiltersAndNoMore() throws Exception {
        // given
        Listener europe = listener();
        europe.filter = region("EMEA");
        Listener asia = listener();
        asia.filter = region("APAC");
        europe.listens();
        asia.listens();
        Listener africa = listener();
        africa.filter = region("AF");
        Listener alsoAsia = listener();
        alsoAsia.filter = region("APAC");

        // when
        africa.join(null);
        alsoAsia.listens();

        // then
        await().untilAsserted(() -> assertThat(africa.refused).isTrue());
        assertThat(africa.position).isNull();
    }

    @Test
    void whoHasTheLatestValueIsNotSentItAgain() {
        // given
        publish("EMEA");
        Listener alice = latest();

        // when
        alice.join(top());

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        assertThat(alice.recovery.complete()).isTrue();
        assertThat(alice.recovery.publications()).isEmpty();
    }

    @Test
    void thereMayBeNoLatestValue() {
        // given
        Listener alice = latest();

        // when
        alice.join(null);

        // then
        await().untilAsserted(() -> assertThat(alice.recovery).isEqualTo(Recovered.NOT));
    }

    @Test
    void aValueThatComesWhileTheLatestIsReadIsTheLatest() {
        // given
        publish("EMEA");
        Listener first = latest();
        first.join(null);
        await().untilAsserted(() -> assertThat(first.recovery).isNotNull());
        var gate = new CountDownLatch(1);
        int before = backplane.historyReads.get();
        backplane.readings = gate;
        Listener second = latest();

        // when
        second.join(null);
        await().untilAsserted(() -> assertThat(backplane.historyReads.get()).isGreaterThan(before));
        publish("AMER");
        await().untilAsserted(() -> assertThat(first.offsets).containsExactly(2L));
        gate.countDown();

        // then
        await().untilAsserted(() -> assertThat(second.recovery).isNotNull());
        assertThat(second.recovery.publications())
                .extracting(publication -> publication.offset())
                .containsExactly(2L);
        publish("EMEA");
        await().untilAsserted(() -> assertThat(second.offsets).containsExactly(3L));
    }

    @Test
    void aLostValueCostsWhoFollowsTheLatestNothing() {
        // given
        Listener alice = latest();
        alice.join(null);
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        publish("EMEA");
        await().untilAsserted(() -> assertThat(alice.offsets).containsExactly(1L));
        backplane.loses = offset -> offset < 9;
        for (int i = 0; i < 7; i++) {
            publish("AMER");
        }
        await().untilAsserted(() -> assertThat(backplane.lost.get()).isEqualTo(7));

        // when
        publish("EMEA");

        // then
        await().untilAsserted(() -> assertThat(alice.offsets).containsExactly(1L, 9L));
        assertThat(alice.lost).isFalse();
    }

    @Test
    void aLostLastValueIsFoundByTheNextLook() {
        // given
        Listener alice = latest();
        alice.join(null);
        await().untilAsserted(() -> assertThat(alice.recovery).isNotNull());
        backplane.loses = _ -> true;
        publish("EMEA");
        publish("AMER");
        await().untilAsserted(() -> assertThat(backplane.lost.get()).isEqualTo(2));

        // when
        backplane.deliveryThread().execute(hub::restored);

        // then
        await().untilAsserted(() -> assertThat(alice.offsets).containsExactly(2L));
    }

    @Test
    void onlyThoseToWhomSomethingWasWrittenAreFlushed() throws Exception {
        // given
        Listener curious = listener();
        curious.joinLeave = true;
        curious.listens();
        Listener other = listener();
        other.listens();
        Listener newcomer = listener();
        await().untilAsserted(() -> assertThat(other.flushes).hasValue(1));

        // when
        newcomer.listens();
        await().untilAsserted(() -> assertThat(newcomer.flushes).hasValue(1));
        enter("bob");
        await().untilAsserted(() -> assertThat(curious.flushes).hasValue(2));
        endOfBatch();

        // then
        assertThat(other.flushes).hasValue(1);
        assertThat(newcomer.flushes).hasValue(1);
        publish("EMEA");
        await().untilAsserted(() -> assertThat(other.flushes).hasValue(2));
        await().untilAsserted(() -> assertThat(newcomer.flushes).hasValue(2));
        await().untilAsserted(() -> assertThat(curious.flushes).hasValue(3));
    }

    @Test
    void onlyThoseWhoAskedHearWhoComesAndGoes() {
        // given
        Listener curious = listener();
        curious.joinLeave = true;
        Listener other = listener();
        curious.listens();
        other.listens();

        // when
        Member bob = enter("bob");
        otherPod.leave(PRICES, bob, ANNOUNCED).await().indefinitely();
        publish("EMEA");

        // then
        await().untilAsserted(
                        () -> assertThat(curious.deliveries)
                                .hasSize(3)
                                .startsWith(
                                        "{\"push\":{\"channel\":\"prices\",\"join\":{\"info\":{\"user\":\"bob\",\"client\":\"of bob\"}}}}",
                                        "{\"push\":{\"channel\":\"prices\",\"leave\":{\"info\":{\"user\":\"bob\",\"client\":\"of bob\"}}}}"));
        await().untilAsserted(() -> assertThat(other.deliveries).hasSize(1));
    }

    @Test
    void aChannelWithTooManyWhoComeAndGoLeavesSomeOut() {
        // given
        Listener curious = listener();
        curious.joinLeave = true;
        curious.listens();
        var alsoCurious = listener();
        alsoCurious.joinLeave = true;
        alsoCurious.listens();

        // when
        IntStream.range(0, 500).forEach(i -> enter("user" + i));
        publish("EMEA");

        // then
        await().untilAsserted(() -> assertThat(curious.offsets).containsExactly(1L));
        await().untilAsserted(() -> assertThat(alsoCurious.offsets).containsExactly(1L));
        int heard = curious.deliveries.size() - 1;
        assertThat(heard).isBetween(5, 499);
        assertThat(presenceEvents("pushed")).isEqualTo(2 * heard);
        assertThat(presenceEvents("dropped")).isEqualTo(2 * (500 - heard));
    }

    @Test
    void whatNobodyWantsToHearTakesNothingFromWhatOthersHearLater() {
        // given
        Listener other = listener();
        other.listens();
        IntStream.range(0, 100).forEach(i -> enter("user" + i));
        Listener curious = listener();
        curious.joinLeave = true;
        curious.listens();

        // when
        enter("bob");

        // then
        await().untilAsserted(() ->
                assertThat(curious.deliveries).singleElement().asString().contains("bob"));
        assertThat(presenceEvents("dropped")).isZero();
    }

    private double presenceEvents(String result) {
        return registry.get("lightline.presence.events")
                .tag("result", result)
                .counter()
                .count();
    }

    private Member enter(String user) {
        var member = new Member(
                "of " + user, user, "pod-2", RawJson.of("{\"user\":\"" + user + "\",\"client\":\"of " + user + "\"}"));
        otherPod.enter(PRICES, member, ANNOUNCED).await().indefinitely();
        return member;
    }

    private void endOfBatch() throws Exception {
        thread.submit(() -> {}).get();
    }

    @Test
    void aPublicationIsRenderedOncePerEncodingThatSomebodyHas() throws Exception {
        // given
        Listener json = listener();
        Listener protobuf = protobuf();
        Listener europe = protobuf();
        europe.filter = region("EMEA");
        json.listens();
        protobuf.listens();
        europe.listens();

        // when
        publish("EMEA");
        publish("APAC");

        // then
        json.awaitOffsets(1, 2);
        protobuf.awaitOffsets(1, 2);
        europe.awaitOffsets(1, 1);
        assertThat(europe.frames.getFirst())
                .isSameAs(protobuf.frames.getFirst())
                .isNotSameAs(json.frames.getFirst());
        assertThat(json.deliveries.getFirst()).startsWith("{\"push\":{\"channel\":\"prices\"");
    }

    @Test
    void whoLeavesTakesNobodyOfTheOtherEncodingAlong() throws Exception {
        // given
        Listener json = listener();
        Listener protobuf = protobuf();
        json.listens();
        protobuf.listens();
        publish("EMEA");
        json.awaitOffsets(1, 1);

        // when
        json.leave();
        await().untilAsserted(() -> assertThat(hub.subscribers("demo")).containsEntry("prices", 1));
        publish("EMEA");

        // then
        protobuf.awaitOffsets(1, 2);
        assertThat(json.offsets).containsExactly(1L);
    }

    private Listener protobuf() {
        Listener listener = listener();
        listener.encoding = Encoding.PROTOBUF;
        return listener;
    }

    private Listener listener() {
        return new Listener(hub, PRICES, loop);
    }

    private Listener latest() {
        Listener listener = listener();
        listener.following = Following.LATEST;
        return listener;
    }

    private static Filter region(String region) throws Exception {
        return Filter.parse(RawJson.of("{\"key\":\"region\",\"cmp\":\"eq\",\"val\":\"" + region + "\"}"));
    }

    private void publish(String region) {
        var draft = new Draft(RawJson.of("1"), null, Map.of("region", region), Instant.now());
        otherPod.publish(PRICES, draft, PublishOptions.keeping(KEEP)).await().indefinitely();
    }

    private Position top() {
        return otherPod.history(PRICES, HistoryQuery.TOP).await().indefinitely().top();
    }
}
