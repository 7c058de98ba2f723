package io.lightline.backplane;

import static io.lightline.backplane.TestPod.answer;
import static io.lightline.backplane.TestPod.draft;
import static io.lightline.backplane.TestPod.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Backplane} promises, said once for every implementation. All pods of a test share one store. */
abstract class BackplaneContract {

    static final Retention KEEP = new Retention(1000, Duration.ofMinutes(5));
    static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");
    static final ChannelName CHAT = new ChannelName("acme", "chat:room");
    static final HistoryQuery ALL = new HistoryQuery(null, Integer.MAX_VALUE, false);

    private final List<TestPod> pods = new ArrayList<>();

    /** A new pod on the store of the running test. */
    abstract Backplane open(BackplaneConfig config);

    /** What every pod of the running test is configured with. */
    Map<String, String> settings() {
        return Map.of();
    }

    TestPod pod() {
        return pod(Map.of());
    }

    TestPod pod(Map<String, String> config) {
        var all = new HashMap<>(settings());
        all.putAll(config);
        var pod = new TestPod(open(TestConfig.with(all)));
        pods.add(pod);
        return pod.ready();
    }

    @AfterEach
    void closePods() {
        pods.forEach(TestPod::close);
    }

    // Positions

    @Test
    void offsetsStartAtOneAndGrowByOne() {
        // given
        var pod = pod();

        // when
        var positions = IntStream.range(0, 5)
                .mapToObj(i -> pod.publishes(ORDERS, "m" + i, KEEP))
                .toList();

        // then
        assertThat(positions).extracting(Position::offset).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(positions)
                .extracting(Position::epoch)
                .doesNotContain("")
                .containsOnly(positions.getFirst().epoch());
    }

    @Test
    void everyChannelCountsForItself() {
        // given
        var pod = pod();
        pod.publishes(ORDERS, "first", KEEP);

        // when
        var other = pod.publishes(CHAT, "second", KEEP);

        // then
        assertThat(other.offset()).isEqualTo(1);
        assertThat(other.epoch())
                .isNotEqualTo(pod.reads(ORDERS, HistoryQuery.TOP).top().epoch());
    }

    @Test
    void aChannelGetsItsEpochOnceByReadingOrByPublishing() {
        // given
        var one = pod();
        var two = pod();

        // when
        var read = one.reads(ORDERS, HistoryQuery.TOP).top();
        var readAgain = two.reads(ORDERS, HistoryQuery.TOP).top();
        var published = two.publishes(ORDERS, "m", KEEP);

        // then
        assertThat(read.offset()).isZero();
        assertThat(read.epoch()).isNotEmpty();
        assertThat(readAgain).isEqualTo(read);
        assertThat(published).isEqualTo(read.at(1));
    }

    @Test
    void aPositionIsForgottenAfterItsTimeAndNeverMistakenForANewOne() {
        // given
        var brief = pod(Map.of("position-ttl", "100ms"));
        var old = brief.publishes(ORDERS, "old", new Retention(10, Duration.ofMillis(50)));

        // when
        await().pollDelay(Duration.ofMillis(200))
                .untilAsserted(() ->
                        assertThat(brief.reads(ORDERS, HistoryQuery.TOP).top()).isNotEqualTo(old));
        var fresh = brief.publishes(ORDERS, "new", KEEP);

        // then
        assertThat(fresh.offset()).isEqualTo(1);
        assertThat(fresh.epoch()).isNotEqualTo(old.epoch());
    }

    @Test
    void withoutHistoryThereIsNoPosition() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        var position = pod.publishes(ORDERS, "passing", Retention.NONE);

        // then
        pod.hears("\"passing\"");
        assertThat(position).isEqualTo(new Position(0, ""));
        assertThat(pod.heard().getFirst().position()).isEqualTo(position);
        assertThat(pod.heard().getFirst().publication().positioned()).isFalse();
        assertThat(pod.reads(ORDERS, ALL).publications()).isEmpty();
    }

    // History

    @Test
    void historyIsReadWithItsTopInOneStep() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 5);

        // when
        var history = pod.reads(ORDERS, ALL);

        // then
        assertThat(history.publications()).extracting(Publication::offset).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(texts(history.publications())).containsExactly("\"m1\"", "\"m2\"", "\"m3\"", "\"m4\"", "\"m5\"");
        assertThat(history.top().offset()).isEqualTo(5);
    }

    @Test
    void historyIsReadAfterAPositionUpToALimit() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 5);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        var slice = pod.reads(ORDERS, HistoryQuery.after(top.at(1), 3));
        var nothing = pod.reads(ORDERS, HistoryQuery.after(top, 3));

        // then
        assertThat(texts(slice.publications())).containsExactly("\"m2\"", "\"m3\"", "\"m4\"");
        assertThat(slice.top()).isEqualTo(top);
        assertThat(nothing.publications()).isEmpty();
    }

    @Test
    void historyIsReadBackwards() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 5);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        var newest = pod.readsTexts(ORDERS, new HistoryQuery(null, 2, true));
        var older = pod.readsTexts(ORDERS, new HistoryQuery(top.at(4), 2, true));
        var beforeAll = pod.readsTexts(ORDERS, new HistoryQuery(top.at(0), 2, true));

        // then
        assertThat(newest).containsExactly("\"m5\"", "\"m4\"");
        assertThat(older).containsExactly("\"m3\"", "\"m2\"");
        assertThat(beforeAll).isEmpty();
    }

    @Test
    void theTopAloneIsReadWithoutPublications() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 3);

        // when
        var history = pod.reads(ORDERS, HistoryQuery.TOP);

        // then
        assertThat(history.publications()).isEmpty();
        assertThat(history.top().offset()).isEqualTo(3);
    }

    @Test
    void historyKeepsNoMoreThanItsSize() {
        // given
        var pod = pod();
        var three = new Retention(3, Duration.ofMinutes(5));

        // when
        IntStream.rangeClosed(1, 10).forEach(i -> pod.publishes(ORDERS, "m" + i, three));

        // then
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"m8\"", "\"m9\"", "\"m10\"");
        assertThat(pod.reads(ORDERS, HistoryQuery.TOP).top().offset()).isEqualTo(10);
    }

    @Test
    void historyIsForgottenAfterItsTimeButThePositionIsNot() {
        // given
        var pod = pod();

        // when
        var last = pod.publishes(ORDERS, "soon gone", new Retention(10, Duration.ofMillis(100)));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.reads(ORDERS, ALL)).isEqualTo(new History(last, List.of())));
        assertThat(pod.publishes(ORDERS, "next", KEEP)).isEqualTo(last.at(2));
    }

    // Publishing

    @Test
    void allOfADraftArrivesAndIsKept() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        var draft = new Draft(
                RawJson.of("{\"a\":\"ä€😀\",\"b\":[1,2]}"),
                RawJson.of("{\"user\":\"zoë\"}"),
                Map.of("org", "00Dxx", "topic", "/event/Order__e", "empty", ""),
                Instant.parse("2026-11-23T10:15:30.123456789Z"));

        // when
        answer(pod.backplane().publish(ORDERS, draft, PublishOptions.keeping(KEEP)));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.heard()).hasSize(1));
        assertThat(pod.heard().getFirst().publication()).isEqualTo(new Publication(1, draft));
        assertThat(pod.reads(ORDERS, ALL).publications()).containsExactly(new Publication(1, draft));
    }

    @Test
    void callsOfOneThreadTakeEffectInTheirOrder() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        var numbers = IntStream.rangeClosed(1, 500).boxed().toList();

        // when
        var positions = Uni.join()
                .all(numbers.stream()
                        .map(i -> pod.backplane().publish(ORDERS, draft("m" + i), PublishOptions.keeping(KEEP)))
                        .toList())
                .andFailFast();

        // then
        assertThat(answer(positions))
                .extracting(Position::offset)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
        pod.hears(numbers.stream().map(i -> "\"m" + i + "\"").toArray(String[]::new));
    }

    @Test
    void aUniPublishesEachTimeItIsSubscribedTo() {
        // given
        var pod = pod();
        var publish = pod.backplane().publish(ORDERS, draft("again"), PublishOptions.keeping(KEEP));

        // when
        var positions = List.of(answer(publish), answer(publish));

        // then
        assertThat(positions).extracting(Position::offset).containsExactly(1L, 2L);
    }

    @Test
    void anIdempotencyKeyPublishesOnceAndAnswersAsTheFirstDid() {
        // given
        var one = pod();
        var two = pod();
        var options = new PublishOptions(KEEP, Optional.of("order}:*7"));
        var first = answer(one.backplane().publish(ORDERS, draft("first"), options));
        one.publishes(ORDERS, "between", KEEP);

        // when
        var repeated = answer(two.backplane().publish(ORDERS, draft("repeated"), options));

        // then
        assertThat(repeated).isEqualTo(first);
        assertThat(one.readsTexts(ORDERS, ALL)).containsExactly("\"first\"", "\"between\"");
    }

    @Test
    void anIdempotencyKeyWorksWithoutHistoryToo() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        var options = new PublishOptions(Retention.NONE, Optional.of("k"));

        // when
        answer(pod.backplane().publish(ORDERS, draft("first"), options));
        var repeated = answer(pod.backplane().publish(ORDERS, draft("repeated"), options));
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        assertThat(repeated).isEqualTo(new Position(0, ""));
        pod.hears("\"first\"", "\"end\"");
    }

    @Test
    void anIdempotencyKeyBelongsToItsChannelAndItsWindow() {
        // given
        var pod = pod(Map.of("idempotency-window", "100ms"));
        var options = new PublishOptions(KEEP, Optional.of("k"));
        var first = answer(pod.backplane().publish(ORDERS, draft("first"), options));

        // when
        var elsewhere = answer(pod.backplane().publish(CHAT, draft("elsewhere"), options));

        // then
        assertThat(elsewhere.epoch()).isNotEqualTo(first.epoch());
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answer(pod.backplane().publish(ORDERS, draft("later"), options)))
                        .isEqualTo(first.at(2)));
    }

    @Test
    void aPublicationOfAMebibyteArrives() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        var large = "x".repeat(1 << 20);

        // when
        pod.publishes(ORDERS, large, KEEP);

        // then
        pod.hears('"' + large + '"');
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly('"' + large + '"');
    }

    // Listening

    @Test
    void podsHearEachOtherInOneOrder() {
        // given
        var one = pod();
        var two = pod();
        one.subscribes(ORDERS);
        two.subscribes(ORDERS);

        // when
        var all = IntStream.range(0, 200)
                .mapToObj(i -> (i % 2 == 0 ? one : two)
                        .backplane()
                        .publish(ORDERS, draft("m" + i), PublishOptions.keeping(KEEP)))
                .toList();
        answer(Uni.join().all(all).andFailFast());

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(one.heard()).hasSize(200));
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(two.heardTexts()).isEqualTo(one.heardTexts()));
        assertThat(one.heard())
                .extracting(heard -> heard.publication().offset())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
        assertThat(one.readsTexts(ORDERS, ALL)).isEqualTo(one.heardTexts());
    }

    @Test
    void whatIsPublishedRightAfterAConfirmedSubscribeArrives() {
        // given
        var listening = pod();
        var publishing = pod();
        var channels = IntStream.range(0, 50)
                .mapToObj(i -> new ChannelName("acme", "room" + i))
                .toList();

        // when
        channels.forEach(channel -> {
            listening.subscribes(channel);
            publishing.publishes(channel, channel.name(), Retention.NONE);
        });

        // then
        listening.hears(channels.stream().map(c -> TestPod.quoted(c.name())).toArray(String[]::new));
    }

    @Test
    void manyChannelsAreSubscribedAtOnce() {
        // given
        var pod = pod();
        var channels = IntStream.range(0, 1500)
                .mapToObj(i -> new ChannelName("acme", "room" + i))
                .toList();

        // when
        answer(Uni.join()
                .all(channels.stream().map(pod.backplane()::subscribe).toList())
                .andFailFast());
        pod.publishes(channels.getFirst(), "first", Retention.NONE);
        pod.publishes(channels.getLast(), "last", Retention.NONE);

        // then
        pod.hears("\"first\"", "\"last\"");
    }

    @Test
    void subscribingTwiceHearsOnceAndOneUnsubscribeEndsIt() {
        // given
        var pod = pod();
        pod.subscribes(CHAT);
        pod.subscribes(ORDERS);
        pod.subscribes(ORDERS);
        pod.publishes(ORDERS, "once", KEEP);
        pod.hears("\"once\"");

        // when
        answer(pod.backplane().unsubscribe(ORDERS));
        pod.publishes(ORDERS, "unheard", KEEP);
        pod.publishes(CHAT, "end", KEEP);

        // then
        pod.hears("\"once\"", "\"end\"");
    }

    @Test
    void subscribesAndUnsubscribesOfAChannelTakeEffectInTheirOrder() {
        // given
        var pod = pod();
        var calls = new ArrayList<Uni<Void>>();
        for (int i = 0; i < 20; i++) {
            calls.add(pod.backplane().subscribe(ORDERS));
            calls.add(pod.backplane().unsubscribe(ORDERS));
        }
        calls.add(pod.backplane().subscribe(ORDERS));

        // when
        answer(Uni.join().all(calls).andFailFast());
        pod.publishes(ORDERS, "heard", KEEP);

        // then
        pod.hears("\"heard\"");
    }

    @Test
    void unsubscribingAChannelThatNobodySubscribedToIsHarmless() {
        // given
        var pod = pod();

        // when
        answer(pod.backplane().unsubscribe(ORDERS));
        pod.subscribes(ORDERS);
        pod.publishes(ORDERS, "heard", KEEP);

        // then
        pod.hears("\"heard\"");
    }

    @Test
    void answersAndPublicationsComeOnTheDeliveryThread() {
        // given
        var pod = pod();
        var backplane = pod.backplane();
        var thread = backplane.deliveryThread();
        var calls = List.<Uni<?>>of(
                backplane.subscribe(ORDERS),
                backplane.publish(ORDERS, draft("m"), PublishOptions.keeping(KEEP)),
                backplane.publish(ORDERS, draft("m"), PublishOptions.keeping(Retention.NONE)),
                backplane.publishFrom(ORDERS, List.of(), KEEP, new Checkpoint(Optional.empty(), "1")),
                backplane.publishFrom(ORDERS, List.of(), KEEP, new Checkpoint(Optional.of("conflict"), "2")),
                backplane.checkpoint(ORDERS),
                backplane.history(ORDERS, ALL),
                backplane.announce(node("a")),
                backplane.nodes(),
                backplane.unsubscribe(ORDERS));

        // when
        var onThread = calls.stream()
                .map(call -> answer(call.onItemOrFailure().transform((_, _) -> thread.isCurrent())))
                .toList();

        // then
        assertThat(onThread).hasSize(calls.size()).containsOnly(true);
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.heard()).hasSize(2));
        assertThat(pod.heard()).extracting(TestPod.Heard::onDeliveryThread).containsOnly(true);
        assertThat(thread.isCurrent()).isFalse();
    }

    @Test
    void theDeliveryThreadRunsTasksInTheirOrderAndTimersUnlessCancelled() {
        // given
        var thread = pod().backplane().deliveryThread();
        var ran = new CopyOnWriteArrayList<String>();

        // when
        thread.schedule(Duration.ofMillis(50), () -> ran.add("cancelled")).cancel();
        thread.schedule(Duration.ofMillis(100), () -> ran.add("later, on it: " + thread.isCurrent()));
        thread.execute(() -> ran.add("first"));
        thread.execute(() -> ran.add("second"));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(ran).containsExactly("first", "second", "later, on it: true"));
    }

    @Test
    void aListenerThatThrowsHearsOnAsBefore() {
        // given
        var heard = new CopyOnWriteArrayList<String>();
        var pod = pod();
        pod.backplane().listen(new BackplaneListener() {
            @Override
            public void onPublication(ChannelName channel, String epoch, Publication publication) {
                heard.add(publication.draft().data().toString());
                throw new IllegalStateException("thrown by a test's listener");
            }

            @Override
            public void onPresence(ChannelName channel, PresenceEvent event) {}

            @Override
            public void onControl(RawJson message) {}

            @Override
            public void onInterrupted() {}

            @Override
            public void onRestored() {}
        });
        pod.subscribes(ORDERS);

        // when
        pod.publishes(ORDERS, "one", KEEP);
        pod.publishes(ORDERS, "two", KEEP);

        // then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> assertThat(heard).containsExactly("\"one\"", "\"two\""));
    }

    // Tenants and names

    @Test
    void tenantsWithChannelsOfOneNameNeverMeet() {
        // given
        var pod = pod();
        var acme = new ChannelName("acme", "orders");
        var evil = new ChannelName("evil", "orders");
        pod.subscribes(acme);

        // when
        pod.publishes(evil, "evil", KEEP);
        answer(pod.backplane()
                .publishFrom(
                        evil,
                        List.of(new SourceEvent("id", draft("evil"))),
                        KEEP,
                        new Checkpoint(Optional.empty(), "evil")));
        pod.publishes(acme, "acme", KEEP);

        // then
        pod.hears("\"acme\"");
        assertThat(pod.readsTexts(acme, ALL)).containsExactly("\"acme\"");
        assertThat(answer(pod.backplane().checkpoint(acme))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "}",
                "{",
                "{}",
                "*",
                "a*",
                "a:b",
                "a}:meta",
                "a{b}c",
                "?[^x]",
                "\\",
                "\"'",
                "/data/Account",
                "%7D",
                ":"
            })
    void everyLegalNameIsAChannelOfItsOwn(String name) {
        // given
        var pod = pod();
        var odd = new ChannelName("acme", name);
        pod.subscribes(odd);
        pod.subscribes(new ChannelName("acme", "aa"));

        // when
        pod.publishes(new ChannelName("acme", "ab"), "to another", KEEP);
        pod.publishes(odd, "to it", KEEP);

        // then
        pod.hears("\"to it\"");
        assertThat(pod.heard().getFirst().channel()).isEqualTo(odd);
        assertThat(pod.readsTexts(odd, ALL)).containsExactly("\"to it\"");
    }

    // From a source, with a checkpoint

    @Test
    void eventsOfASourceArePublishedAndMoveTheCheckpoint() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        var published = answer(pod.backplane()
                .publishFrom(ORDERS, events("a", "b", "c"), KEEP, new Checkpoint(Optional.empty(), "r3")));

        // then
        assertThat(published).isEqualTo(3);
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r3");
        pod.hears("\"a\"", "\"b\"", "\"c\"");
        assertThat(pod.reads(ORDERS, ALL).publications())
                .extracting(Publication::offset)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void aChannelWithoutASourceHasNoCheckpoint() {
        // given
        var pod = pod();

        // when
        pod.publishes(ORDERS, "m", KEEP);

        // then
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).isEmpty();
    }

    @Test
    void aCallThatBuildsOnAnotherCheckpointPublishesNothingAndIsToldTheOneInForce() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.empty(), "r1")));

        // when
        var stale = pod.backplane().publishFrom(ORDERS, events("b"), KEEP, new Checkpoint(Optional.of("r0"), "r2"));
        var first = pod.backplane().publishFrom(ORDERS, events("b"), KEEP, new Checkpoint(Optional.empty(), "r2"));

        // then
        assertConflict(stale, "r1");
        assertConflict(first, "r1");
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"");
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r1");
    }

    @Test
    void callsOfAChainMayBeMadeWithoutWaitingAndFailTogether() {
        // given
        var pod = pod();
        var backplane = pod.backplane();
        answer(backplane.publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.empty(), "r1")));

        // when
        var second = UniAssertSubscriber.<Integer>create();
        var broken = UniAssertSubscriber.<Integer>create();
        var after = UniAssertSubscriber.<Integer>create();
        backplane
                .publishFrom(ORDERS, events("b"), KEEP, new Checkpoint(Optional.of("r1"), "r2"))
                .subscribe()
                .withSubscriber(second);
        backplane
                .publishFrom(ORDERS, events("c"), KEEP, new Checkpoint(Optional.of("lost"), "r3"))
                .subscribe()
                .withSubscriber(broken);
        backplane
                .publishFrom(ORDERS, events("d"), KEEP, new Checkpoint(Optional.of("r3"), "r4"))
                .subscribe()
                .withSubscriber(after);

        // then
        second.awaitItem(TestPod.LIMIT);
        broken.awaitFailure(TestPod.LIMIT).assertFailedWith(CheckpointConflictException.class);
        after.awaitFailure(TestPod.LIMIT).assertFailedWith(CheckpointConflictException.class);
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"");
    }

    @Test
    void anEventIsPublishedOnceHoweverOftenItIsRead() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a", "b"), KEEP, new Checkpoint(Optional.empty(), "r2")));

        // when
        var published = answer(pod.backplane()
                .publishFrom(ORDERS, events("b", "c", "c"), KEEP, new Checkpoint(Optional.of("r2"), "r3")));

        // then
        assertThat(published).isEqualTo(1);
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"", "\"c\"");
    }

    @Test
    void anEventIsForgottenAfterTheDedupeWindow() {
        // given
        var pod = pod(Map.of("dedupe-window", "50ms"));
        var position = new int[] {0};
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.empty(), "0")));

        // when / then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> {
            var next = new Checkpoint(Optional.of("" + position[0]), "" + ++position[0]);
            assertThat(answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, next)))
                    .isEqualTo(1);
        });
    }

    @Test
    void noEventsMoveTheCheckpointOnly() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.empty(), "r1")));

        // when
        var published =
                answer(pod.backplane().publishFrom(ORDERS, List.of(), KEEP, new Checkpoint(Optional.of("r1"), "r9")));

        // then
        assertThat(published).isZero();
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r9");
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"");
    }

    @Test
    void aLostCheckpointIsSetAnewWhateverWasExpected() {
        // given
        var pod = pod();

        // when
        var published = answer(
                pod.backplane().publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.of("forgotten"), "r1")));

        // then
        assertThat(published).isEqualTo(1);
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r1");
    }

    @Test
    void eventsOfASourceMayGoWithoutHistory() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        answer(pod.backplane()
                .publishFrom(ORDERS, events("a", "b"), Retention.NONE, new Checkpoint(Optional.empty(), "r2")));

        // then
        pod.hears("\"a\"", "\"b\"");
        assertThat(pod.heard()).extracting(TestPod.Heard::position).containsOnly(new Position(0, ""));
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r2");
    }

    @Test
    void eventsOfASourceAndOtherPublicationsShareOneStream() {
        // given
        var pod = pod();
        pod.publishes(ORDERS, "typed", KEEP);

        // when
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, new Checkpoint(Optional.empty(), "r1")));

        // then
        assertThat(pod.publishes(ORDERS, "typed again", KEEP).offset()).isEqualTo(3);
    }

    // Pods

    @Test
    void podsThatAnnouncedThemselvesAreKnownToAll() {
        // given
        var one = pod();
        var two = pod();

        // when
        answer(one.backplane().announce(node("one")));
        answer(two.backplane().announce(node("two")));
        answer(two.backplane().announce(node("two")));

        // then
        assertThat(answer(one.backplane().nodes())).containsExactlyInAnyOrder(node("one"), node("two"));
    }

    @Test
    void aPodThatFallsSilentIsForgotten() {
        // given
        var brief = pod(Map.of("node-ttl", "200ms"));

        // when
        answer(brief.backplane().announce(node("brief")));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(
                        () -> assertThat(answer(brief.backplane().nodes())).isEmpty());
    }

    @Test
    void aClosedPodSaysSoAndHearsNothing() {
        // given
        var closed = new TestPod(open(TestConfig.with(settings()))).ready();
        var other = pod();
        closed.subscribes(ORDERS);
        other.subscribes(ORDERS);

        // when
        closed.close();
        other.publishes(ORDERS, "after", KEEP);

        // then
        other.hears("\"after\"");
        assertThat(closed.backplane().state()).isEqualTo(new BackplaneState.Unavailable("closed"));
        assertThat(closed.heard()).isEmpty();
        assertThatThrownBy(() -> closed.publishes(ORDERS, "refused", KEEP))
                .isInstanceOf(BackplaneUnavailableException.class);
    }

    static List<SourceEvent> events(String... ids) {
        return List.of(ids).stream().map(id -> new SourceEvent(id, draft(id))).toList();
    }

    static void publishMany(TestPod pod, ChannelName channel, int count) {
        IntStream.rangeClosed(1, count).forEach(i -> pod.publishes(channel, "m" + i, KEEP));
    }

    private static NodeInfo node(String id) {
        return new NodeInfo(id, "pod-" + id, "0.1", 10, 5, 3, 20, 77);
    }

    private static void assertConflict(Uni<Integer> call, String current) {
        var failure = new CompletableFuture<Throwable>();
        call.subscribe().with(_ -> failure.complete(new AssertionError("published")), failure::complete);
        assertThat(failure)
                .succeedsWithin(TestPod.LIMIT)
                .isInstanceOfSatisfying(
                        CheckpointConflictException.class,
                        conflict -> assertThat(conflict.current()).contains(current));
    }
}
