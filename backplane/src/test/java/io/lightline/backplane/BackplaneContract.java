package io.lightline.backplane;

import static io.lightline.backplane.TestPod.answer;
import static io.lightline.backplane.TestPod.draft;
import static io.lightline.backplane.TestPod.texts;
import static java.util.stream.Collectors.toSet;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Backplane} promises, said once for every implementation. All pods of a test share one store. */
abstract class BackplaneContract {

    static final Retention KEEP = new Retention(1000, Duration.ofMinutes(5));
    static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");
    static final ChannelName CHAT = new ChannelName("acme", "chat:room");
    static final HistoryQuery ALL = new HistoryQuery(null, Integer.MAX_VALUE, false);

    static final PresenceOptions SEEN = new PresenceOptions(true, true);
    static final PresenceOptions QUIET = new PresenceOptions(true, false);
    static final PresenceOptions PASSING = new PresenceOptions(false, true);
    /** A presence that is soon over; long enough for a test to look at it in between. */
    private static final Map<String, String> BRIEF = Map.of("presence-ttl", "1s");

    /** Longer than any test. */
    private static final Duration LIVES = Duration.ofMinutes(5);

    private static final LeaseAnswer NOTHING = new LeaseAnswer(Map.of(), Set.of());

    static final Member ALICE = member("a1", "alice");
    static final Member BOB = member("b1", "bob");

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
    void aPublicationIsHeardInAnotherEpochWhenThatOfTheEmptyChannelWasForgotten() {
        // given
        var brief = pod(Map.of("position-ttl", "100ms"));
        brief.subscribes(ORDERS);
        var empty = brief.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        await().pollDelay(Duration.ofMillis(200))
                .untilAsserted(
                        () -> assertThat(brief.publishes(ORDERS, "first", KEEP).epoch())
                                .isNotEqualTo(empty.epoch()));

        // then
        brief.hearsLast("\"first\"");
        assertThat(brief.heard().getLast().position())
                .isEqualTo(brief.reads(ORDERS, HistoryQuery.TOP).top())
                .isEqualTo(new Position(1, brief.heard().getLast().epoch()));
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
    void historyIsReadUpToSoManyBytesAndOnFromThere() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 50);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();
        long twenty = 20 * Envelope.length(draft("m10"));

        // when
        var first = pod.reads(ORDERS, HistoryQuery.after(top.at(9), 100).within(twenty));
        var second = pod.reads(ORDERS, HistoryQuery.after(top.at(29), 100).within(twenty));
        var rest = pod.reads(ORDERS, HistoryQuery.after(top.at(49), 100).within(twenty));

        // then
        assertThat(offsets(first)).containsExactlyElementsOf(rising(10, 29));
        assertThat(offsets(second)).containsExactlyElementsOf(rising(30, 49));
        assertThat(offsets(rest)).containsExactly(50L);
        assertThat(List.of(first, second, rest)).extracting(History::top).containsOnly(top);
    }

    @Test
    void historyIsReadBackwardsUpToSoManyBytesAndOnFromThere() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 50);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();
        long twentyAndABit = 20 * Envelope.length(draft("m10")) + 1;

        // when
        var newest = pod.reads(ORDERS, new HistoryQuery(null, 100, true, twentyAndABit));
        var older = pod.reads(ORDERS, new HistoryQuery(top.at(31), 100, true, twentyAndABit));
        var oldest = pod.reads(ORDERS, new HistoryQuery(top.at(11), 100, true, twentyAndABit));

        // then
        assertThat(offsets(newest)).containsExactlyElementsOf(rising(31, 50).reversed());
        assertThat(offsets(older)).containsExactlyElementsOf(rising(11, 30).reversed());
        assertThat(offsets(oldest)).containsExactlyElementsOf(rising(1, 10).reversed());
    }

    @Test
    void onePublicationIsReadHoweverLargeItIs() {
        // given
        var pod = pod();
        pod.publishes(ORDERS, "small", KEEP);
        pod.publishes(ORDERS, "x".repeat(10_000), KEEP);
        pod.publishes(ORDERS, "small", KEEP);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        var before = pod.reads(ORDERS, new HistoryQuery(null, 3, false, 1_000));
        var large = pod.reads(ORDERS, HistoryQuery.after(top.at(1), 3).within(1_000));
        var largeBackwards = pod.reads(ORDERS, new HistoryQuery(top.at(3), 3, true, 0));

        // then
        assertThat(offsets(before)).containsExactly(1L);
        assertThat(offsets(large)).containsExactly(2L);
        assertThat(offsets(largeBackwards)).containsExactly(2L);
    }

    @Test
    void aLongHistoryIsReadInOneCall() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 100);

        // when
        var all = pod.reads(ORDERS, ALL);
        var some = pod.reads(ORDERS, new HistoryQuery(null, 33, true));

        // then
        assertThat(offsets(all)).containsExactlyElementsOf(rising(1, 100));
        assertThat(offsets(some)).containsExactlyElementsOf(rising(68, 100).reversed());
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

    @Test
    void removedHistoryIsGoneAndWhoWantsToRecoverFromBeforeFindsAGap() {
        // given
        var pod = pod();
        publishMany(pod, ORDERS, 3);
        var top = pod.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        answer(pod.backplane().removeHistory(ORDERS));

        // then
        assertThat(pod.reads(ORDERS, ALL)).isEqualTo(new History(top, List.of()));
        assertThat(pod.publishes(ORDERS, "m4", KEEP)).isEqualTo(top.at(4));
        assertThat(pod.reads(ORDERS, HistoryQuery.after(top.at(1), 10)).publications())
                .extracting(Publication::offset)
                .containsExactly(4L);
    }

    @Test
    void removingTheHistoryOfOneChannelLeavesTheOthersAlone() {
        // given
        var pod = pod();
        pod.publishes(ORDERS, "kept", KEEP);

        // when
        answer(pod.backplane().removeHistory(CHAT));

        // then
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"kept\"");
        assertThat(pod.reads(CHAT, ALL).top().offset()).isZero();
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
                backplane.publishFrom(ORDERS, List.of(), KEEP, Checkpoint.move(Optional.empty(), "1", 0)),
                backplane.publishFrom(ORDERS, List.of(), KEEP, Checkpoint.move(Optional.of("conflict"), "2", 0)),
                backplane.checkpoint(ORDERS),
                backplane.checkpoint(ORDERS, 2),
                backplane.checkpoint(ORDERS, 1),
                backplane.channels("acme", ""),
                backplane.claim(new LeaseClaim("group", "a", LIVES, Set.of("t"), Set.of())),
                backplane.history(ORDERS, ALL),
                backplane.enter(ORDERS, ALICE, SEEN),
                backplane.enter(ORDERS, ALICE, PASSING),
                backplane.keep(ORDERS, List.of(ALICE), SEEN),
                backplane.keep(ORDERS, List.of(ALICE), PASSING),
                backplane.presence(ORDERS, 10),
                backplane.presenceStats(ORDERS),
                backplane.leave(ORDERS, ALICE, SEEN),
                backplane.leave(ORDERS, ALICE, new PresenceOptions(false, false)),
                backplane.control(RawJson.of("{}")),
                backplane.control(backplane.podId(), RawJson.of("{}")),
                backplane.revoke(new Revocation("acme", "alice", Instant.EPOCH, Instant.EPOCH)),
                backplane.revocations(),
                backplane.ask(CHAT, RawJson.of("{}")),
                backplane.serve(CHAT, question -> Uni.createFrom().item(question)),
                backplane.ask(CHAT, RawJson.of("{}")),
                backplane.unserve(CHAT),
                backplane.announce(node("a")),
                backplane.nodes(),
                backplane.removeHistory(ORDERS),
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
        pod.isTold("a1 joined", "a1 joined", "a1 left");
        assertThat(pod.told()).extracting(TestPod.Told::onDeliveryThread).containsOnly(true);
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
                        Checkpoint.move(Optional.empty(), "evil", 0)));
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
                .publishFrom(ORDERS, events("a", "b", "c"), KEEP, Checkpoint.move(Optional.empty(), "r3", 0)));

        // then
        assertThat(published).isEqualTo(new Copied(3, Set.of()));
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
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // when
        var stale = pod.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r0"), "r2", 0));
        var first = pod.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.empty(), "r2", 0));

        // then
        assertConflict(stale, Optional.of("r1"));
        assertConflict(first, Optional.of("r1"));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"");
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r1");
    }

    @Test
    void callsOfAChainMayBeMadeWithoutWaitingAndFailTogether() {
        // given
        var pod = pod();
        var backplane = pod.backplane();
        answer(backplane.publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // when
        var second = UniAssertSubscriber.<Copied>create();
        var broken = UniAssertSubscriber.<Copied>create();
        var after = UniAssertSubscriber.<Copied>create();
        backplane
                .publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 0))
                .subscribe()
                .withSubscriber(second);
        backplane
                .publishFrom(ORDERS, events("c"), KEEP, Checkpoint.move(Optional.of("lost"), "r3", 0))
                .subscribe()
                .withSubscriber(broken);
        backplane
                .publishFrom(ORDERS, events("d"), KEEP, Checkpoint.move(Optional.of("r3"), "r4", 0))
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
        answer(pod.backplane().publishFrom(ORDERS, events("a", "b"), KEEP, Checkpoint.move(Optional.empty(), "r2", 0)));

        // when
        var published = answer(pod.backplane()
                .publishFrom(ORDERS, events("b", "c", "c"), KEEP, Checkpoint.move(Optional.of("r2"), "r3", 0)));

        // then
        assertThat(published).isEqualTo(new Copied(1, Set.of("b", "c")));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"", "\"c\"");
    }

    @Test
    void anEventIsForgottenAfterTheDedupeWindow() {
        // given
        var pod = pod(Map.of("dedupe-window", "50ms"));
        var position = new int[] {0};
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "0", 0)));

        // when / then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> {
            var next = Checkpoint.move(Optional.of("" + position[0]), "" + ++position[0], 0);
            assertThat(answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, next)))
                    .isEqualTo(new Copied(1, Set.of()));
        });
    }

    @Test
    void noEventsMoveTheCheckpointOnly() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // when
        var published = answer(
                pod.backplane().publishFrom(ORDERS, List.of(), KEEP, Checkpoint.move(Optional.of("r1"), "r9", 0)));

        // then
        assertThat(published).isEqualTo(new Copied(0, Set.of()));
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r9");
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"");
    }

    @Test
    void aChannelWithoutACheckpointAcceptsOnlyWhoExpectsNone() {
        // given
        var pod = pod();

        // when
        var second =
                pod.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 0));
        var first = pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0));

        // then
        assertConflict(second, Optional.empty());
        assertThat(answer(first)).isEqualTo(new Copied(1, Set.of()));
        assertThat(answer(second)).isEqualTo(new Copied(1, Set.of()));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"");
    }

    @Test
    void eventsMayBePublishedWhileTheCheckpointStays() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // when
        var here = pod.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.stay(Optional.of("r1"), 0));
        var elsewhere = pod.backplane().publishFrom(ORDERS, events("c"), KEEP, Checkpoint.stay(Optional.empty(), 0));
        var without = pod.backplane().publishFrom(CHAT, events("d"), KEEP, Checkpoint.stay(Optional.empty(), 0));

        // then
        assertThat(answer(here)).isEqualTo(new Copied(1, Set.of()));
        assertThat(answer(here)).isEqualTo(new Copied(0, Set.of("b")));
        assertConflict(elsewhere, Optional.of("r1"));
        assertThat(answer(without)).isEqualTo(new Copied(1, Set.of()));
        assertThat(answer(pod.backplane().checkpoint(ORDERS))).contains("r1");
        assertThat(answer(pod.backplane().checkpoint(CHAT))).isEmpty();
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"");
    }

    @Test
    void whoReadsTheCheckpointUnderAHigherFenceShutsTheOthersOut() {
        // given
        var old = pod();
        var young = pod();
        assertThat(answer(old.backplane().checkpoint(ORDERS, 1_764_000_000_001L)))
                .isEmpty();
        answer(old.backplane()
                .publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 1_764_000_000_001L)));

        // when
        var read = answer(young.backplane().checkpoint(ORDERS, 1_764_000_000_002L));
        var late = old.backplane()
                .publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 1_764_000_000_001L));
        var unfenced =
                old.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 0));

        // then
        assertThat(read).contains("r1");
        assertFenced(late, 1_764_000_000_002L);
        assertFenced(unfenced, 1_764_000_000_002L);
        assertFenced(old.backplane().checkpoint(ORDERS, 1_764_000_000_001L), 1_764_000_000_002L);
        assertThat(answer(young.backplane().checkpoint(ORDERS, 1_764_000_000_002L)))
                .contains("r1");
        assertThat(answer(old.backplane().checkpoint(ORDERS))).contains("r1");
        assertThat(old.readsTexts(ORDERS, ALL)).containsExactly("\"a\"");
    }

    @Test
    void whoPublishesUnderAHigherFenceShutsTheOthersOut() {
        // given
        var pod = pod();
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 9)));

        // when
        var higher = answer(
                pod.backplane().publishFrom(ORDERS, events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 10)));
        var lower = pod.backplane().publishFrom(ORDERS, events("c"), KEEP, Checkpoint.move(Optional.of("r2"), "r3", 9));

        // then
        assertThat(higher).isEqualTo(new Copied(1, Set.of()));
        assertFenced(lower, 10);
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"");
    }

    @Test
    void theChannelsOfATenantAreFoundByTheBeginningOfTheirNames() {
        // given
        var pod = pod();
        var names =
                IntStream.range(0, 50).mapToObj(i -> "/data/A*[c]?\\}{/" + i).toList();
        names.forEach(name -> pod.publishes(new ChannelName("acme", name), "m", KEEP));
        pod.reads(new ChannelName("acme", "/data/A*[c]?\\}{/read"), HistoryQuery.TOP);
        pod.publishes(new ChannelName("acme", "/data/Abc/1"), "m", KEEP);
        pod.publishes(new ChannelName("acme", "/data/A*[c]?\\}{/passing"), "m", Retention.NONE);
        pod.publishes(new ChannelName("evil", "/data/A*[c]?\\}{/1"), "m", KEEP);

        // when
        var found = answer(pod.backplane().channels("acme", "/data/A*[c]?\\}{/"));

        // then
        assertThat(found)
                .allSatisfy(channel -> assertThat(channel.tenant()).isEqualTo("acme"))
                .extracting(channel -> channel.name().substring("/data/A*[c]?\\}{/".length()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(IntStream.range(0, 50).mapToObj(i -> "" + i), Stream.of("read"))
                                .toList());
        assertThat(answer(pod.backplane().channels("acme", "/data/"))).hasSize(52);
        assertThat(answer(pod.backplane().channels("acme", "none"))).isEmpty();
    }

    @Test
    void eventsOfASourceMayGoWithoutHistory() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        answer(pod.backplane()
                .publishFrom(ORDERS, events("a", "b"), Retention.NONE, Checkpoint.move(Optional.empty(), "r2", 0)));

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
        answer(pod.backplane().publishFrom(ORDERS, events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // then
        assertThat(pod.publishes(ORDERS, "typed again", KEEP).offset()).isEqualTo(3);
    }

    // Presence

    @Test
    void whoEntersIsListedOnEveryPodUntilItLeaves() {
        // given
        var one = pod();
        var two = pod();

        // when
        one.enters(ORDERS, ALICE, SEEN);
        two.enters(ORDERS, BOB, SEEN);
        var together = one.lists(ORDERS);
        one.leaves(ORDERS, ALICE, SEEN);

        // then
        assertThat(together).containsExactlyInAnyOrder(ALICE, BOB);
        assertThat(one.lists(ORDERS)).containsExactly(BOB);
        assertThat(two.lists(ORDERS)).containsExactly(BOB);
        assertThat(two.lists(CHAT)).isEmpty();
    }

    @Test
    void podsAreToldWhoComesAndGoesAmongThePublicationsInOneOrder() {
        // given
        var one = pod();
        var two = pod();
        one.subscribes(ORDERS);
        two.subscribes(ORDERS);

        // when
        one.enters(ORDERS, ALICE, SEEN);
        one.publishes(ORDERS, "hello", KEEP);
        two.enters(ORDERS, BOB, SEEN);
        two.leaves(ORDERS, BOB, SEEN);
        one.publishes(ORDERS, "bye", Retention.NONE);
        one.leaves(ORDERS, ALICE, SEEN);

        // then
        for (var pod : List.of(one, two)) {
            await().atMost(TestPod.LIMIT)
                    .untilAsserted(() -> assertThat(pod.story())
                            .containsExactly("a1 joined", "\"hello\"", "b1 joined", "b1 left", "\"bye\"", "a1 left"));
        }
        assertThat(two.told().getFirst()).isEqualTo(new TestPod.Told(ORDERS, new PresenceEvent.Joined(ALICE), true));
        assertThat(two.told().getLast()).isEqualTo(new TestPod.Told(ORDERS, new PresenceEvent.Left(ALICE), true));
    }

    @Test
    void onlyWhoSubscribedToAChannelIsToldWhoComes() {
        // given
        var pod = pod();
        pod.subscribes(CHAT);
        pod.subscribes(ORDERS);
        answer(pod.backplane().unsubscribe(ORDERS));

        // when
        pod.enters(ORDERS, ALICE, SEEN);
        pod.enters(CHAT, BOB, SEEN);

        // then
        pod.isTold("b1 joined");
    }

    @Test
    void everythingOfAMemberArrives() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        var odd = new Member(
                "c: 1", "zoë 😀 joined", "pod/ä", RawJson.of("{\"user\":\"zoë 😀\",\"conn_info\":{\"a\":[1]}}"));
        var anonymous = new Member("c2", "", "", RawJson.of("{}"));

        // when
        pod.enters(ORDERS, odd, SEEN);
        pod.enters(ORDERS, anonymous, SEEN);

        // then
        assertThat(pod.lists(ORDERS)).containsExactlyInAnyOrder(odd, anonymous);
        pod.isTold("c: 1 joined", "c2 joined");
        assertThat(pod.told()).extracting(told -> told.event().member()).containsExactly(odd, anonymous);
    }

    @Test
    void enteringAgainSaysWhatIsNewButIsNotToldAgain() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);
        var renamed = new Member(ALICE.client(), "alicia", "pod-2", RawJson.of("{\"user\":\"alicia\"}"));

        // when
        pod.enters(ORDERS, ALICE, SEEN);
        pod.enters(ORDERS, renamed, SEEN);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        pod.isTold("a1 joined");
        assertThat(pod.lists(ORDERS)).containsExactly(renamed);
        assertThat(pod.counts(ORDERS)).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void whoIsNotListedLeavesUnnoticed() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);

        // when
        pod.leaves(ORDERS, BOB, SEEN);
        pod.leaves(ORDERS, ALICE, SEEN);
        pod.leaves(ORDERS, ALICE, SEEN);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        pod.isTold("a1 joined", "a1 left");
    }

    @Test
    void whoIsOnlyAnnouncedIsToldOfAndNotListed() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        pod.enters(ORDERS, ALICE, PASSING);
        pod.keeps(ORDERS, List.of(ALICE), PASSING);
        var listed = pod.lists(ORDERS);
        pod.leaves(ORDERS, ALICE, PASSING);

        // then
        pod.isTold("a1 joined", "a1 left");
        assertThat(listed).isEmpty();
    }

    @Test
    void whoIsOnlyListedIsNotToldOf() {
        // given
        var pod = pod();
        pod.subscribes(ORDERS);

        // when
        pod.enters(ORDERS, ALICE, QUIET);
        pod.keeps(ORDERS, List.of(ALICE), QUIET);
        var listed = pod.lists(ORDERS);
        pod.leaves(ORDERS, ALICE, QUIET);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        assertThat(pod.told()).isEmpty();
        assertThat(listed).containsExactly(ALICE);
        assertThat(pod.lists(ORDERS)).isEmpty();
    }

    @Test
    void whoIsNeitherListedNorAnnouncedLeavesNoTrace() {
        // given
        var pod = pod();
        var nothing = new PresenceOptions(false, false);
        pod.subscribes(ORDERS);

        // when
        pod.enters(ORDERS, ALICE, nothing);
        pod.keeps(ORDERS, List.of(ALICE), nothing);
        var listed = pod.lists(ORDERS);
        pod.leaves(ORDERS, ALICE, nothing);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        assertThat(pod.told()).isEmpty();
        assertThat(listed).isEmpty();
    }

    @Test
    void clientsAndTheirUsersAreCounted() {
        // given
        var pod = pod();
        List.of(ALICE, BOB, member("a2", "alice"), member("n1", ""), member("n2", ""))
                .forEach(member -> pod.enters(ORDERS, member, SEEN));

        // when
        var all = pod.counts(ORDERS);
        pod.leaves(ORDERS, ALICE, SEEN);
        pod.leaves(ORDERS, ALICE, SEEN);
        var one = pod.counts(ORDERS);
        pod.leaves(ORDERS, member("a2", "alice"), SEEN);
        var none = pod.counts(ORDERS);

        // then
        assertThat(all).isEqualTo(new PresenceStats(5, 3));
        assertThat(one).isEqualTo(new PresenceStats(4, 3));
        assertThat(none).isEqualTo(new PresenceStats(3, 2));
        assertThat(pod.counts(CHAT)).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void whoIsKeptStaysAndWhoIsNotIsForgottenAndToldOf() {
        // given
        var living = pod(BRIEF);
        var dying = pod(BRIEF);
        living.subscribes(ORDERS);
        living.enters(ORDERS, ALICE, SEEN);
        dying.enters(ORDERS, BOB, SEEN);
        dying.enters(ORDERS, member("b2", "bob"), QUIET);

        // when
        dying.close();

        // then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> {
            living.keeps(ORDERS, List.of(ALICE), SEEN);
            assertThat(living.lists(ORDERS)).containsExactly(ALICE);
        });
        living.isTold("a1 joined", "b1 joined", "b1 left");
        assertThat(living.counts(ORDERS)).isEqualTo(new PresenceStats(1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void whoeverAsksNextFindsOutWhoFellSilent(PresenceCall call) {
        // given
        var pod = pod(BRIEF);
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);

        // when / then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> {
            answer(call.make(pod.backplane()));
            assertThat(pod.told()).extracting(TestPod.Told::event).contains(new PresenceEvent.Left(ALICE));
        });
        assertThat(pod.lists(ORDERS)).doesNotContain(ALICE);
    }

    @Test
    void whoWasForgottenByTheStoreIsListedAgainWithoutAWord() {
        // given
        var pod = pod();
        var many = IntStream.range(0, 450)
                .mapToObj(i -> member("c" + i, "user" + i % 7))
                .toList();
        pod.subscribes(ORDERS);

        // when
        pod.keeps(ORDERS, many, SEEN);
        pod.keeps(ORDERS, many, SEEN);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        assertThat(pod.told()).isEmpty();
        assertThat(pod.lists(ORDERS)).containsExactlyInAnyOrderElementsOf(many);
        assertThat(pod.counts(ORDERS)).isEqualTo(new PresenceStats(450, 7));
    }

    @Test
    void whoIsKeptLateButBeforeAnybodyNoticedHasNeverBeenAway() {
        // given
        var pod = pod(BRIEF);
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);
        awaitSilence(pod);

        // when
        pod.keeps(ORDERS, List.of(ALICE), SEEN);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        pod.isTold("a1 joined");
        assertThat(pod.lists(ORDERS)).containsExactly(ALICE);
    }

    @Test
    void manyWhoFellSilentAreForgottenByOneCall() {
        // given
        var pod = pod(BRIEF);
        var many = IntStream.range(0, 1200)
                .mapToObj(i -> member("c" + i, "user" + i))
                .toList();
        pod.keeps(ORDERS, many, QUIET);
        awaitSilence(pod);

        // when
        var listed = pod.lists(ORDERS);

        // then
        assertThat(listed).isEmpty();
        assertThat(pod.counts(ORDERS)).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void whoseLeaveWasToldWhileItsPodWasSilentComesBackForAll() {
        // given
        var pod = pod(BRIEF);
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.lists(ORDERS)).isEmpty());

        // when
        pod.keeps(ORDERS, List.of(ALICE), SEEN);
        pod.keeps(ORDERS, List.of(ALICE), SEEN);
        pod.publishes(ORDERS, "end", Retention.NONE);

        // then
        pod.hears("\"end\"");
        pod.isTold("a1 joined", "a1 left", "a1 joined");
    }

    @Test
    void tenantsWithChannelsOfOneNameDoNotSeeEachOther() {
        // given
        var pod = pod();
        var acme = new ChannelName("acme", "orders");
        var evil = new ChannelName("evil", "orders");
        pod.subscribes(acme);

        // when
        pod.enters(evil, BOB, SEEN);
        pod.keeps(evil, List.of(BOB), SEEN);
        pod.enters(acme, ALICE, SEEN);

        // then
        pod.isTold("a1 joined");
        assertThat(pod.lists(acme)).containsExactly(ALICE);
        assertThat(pod.counts(acme)).isEqualTo(new PresenceStats(1, 1));
    }

    // What pods say to each other

    @Test
    void aControlMessageReachesEveryPodAndItsSenderInOrder() {
        // given
        var one = pod();
        var two = pod();

        // when
        for (int i = 0; i < 50; i++) {
            answer(one.backplane().control(RawJson.of("{\"n\":" + i + "}")));
        }

        // then
        var expected = IntStream.range(0, 50).mapToObj(i -> "{\"n\":" + i + "}").toList();
        for (var pod : List.of(one, two)) {
            await().atMost(TestPod.LIMIT)
                    .untilAsserted(() -> assertThat(pod.controls()).isEqualTo(expected));
        }
    }

    @Test
    void aControlMessageToOnePodReachesNoOther() {
        // given
        var one = pod();
        var two = pod();

        // when
        answer(one.backplane().control("nobody", RawJson.of("{\"to\":0}")));
        answer(one.backplane().control(two.backplane().podId(), RawJson.of("{\"to\":2}")));
        answer(one.backplane().control(one.backplane().podId(), RawJson.of("{\"to\":1}")));
        answer(one.backplane().control(RawJson.of("{\"to\":\"ä\"}")));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(one.controls()).containsExactly("{\"to\":1}", "{\"to\":\"ä\"}"));
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(two.controls()).containsExactly("{\"to\":2}", "{\"to\":\"ä\"}"));
        assertThat(one.backplane().podId())
                .isEqualTo(one.backplane().podId())
                .isNotEqualTo(two.backplane().podId());
    }

    // Questions

    @Test
    void aQuestionIsAnsweredByWhoServesTheChannelOnWhateverPod() {
        // given
        var asking = pod();
        var serving = pod();
        serving.serves(ORDERS, question -> "{\"you asked\":" + question + "}");
        serving.serves(CHAT, _ -> "\"wrong channel\"");

        // when
        var answers = IntStream.range(0, 20)
                .mapToObj(n -> asking.backplane().ask(ORDERS, RawJson.of("{\"ä\":" + n + "}")))
                .map(Uni::subscribeAsCompletionStage)
                .toList();

        // then
        for (int n = 0; n < 20; n++) {
            assertThat(answers.get(n))
                    .succeedsWithin(TestPod.LIMIT)
                    .isEqualTo(RawJson.of("{\"you asked\":{\"ä\":" + n + "}}"));
        }
        assertThat(serving.asks(ORDERS, "0")).isEqualTo("{\"you asked\":0}");
    }

    @Test
    void aServerIsCalledOnTheDeliveryThreadAndMayAnswerElsewhereAndOutOfOrder() {
        // given
        var asking = pod();
        var serving = pod();
        var first = new CompletableFuture<RawJson>();
        var onThread = new CopyOnWriteArrayList<Boolean>();
        answer(serving.backplane().serve(ORDERS, question -> {
            onThread.add(serving.backplane().deliveryThread().isCurrent());
            return question.toString().equals("1")
                    ? Uni.createFrom().completionStage(first)
                    : Uni.createFrom().item(question);
        }));
        var slow = asking.backplane().ask(ORDERS, RawJson.of("1")).subscribeAsCompletionStage();

        // when
        var quick = asking.asks(ORDERS, "2");
        first.complete(RawJson.of("1"));

        // then
        assertThat(quick).isEqualTo("2");
        assertThat(slow).succeedsWithin(TestPod.LIMIT).hasToString("1");
        assertThat(onThread).containsExactly(true, true);
    }

    @Test
    void aQuestionThatNobodyServesFailsAtOnce() {
        // given
        var pod = pod(Map.of("timeout", "1h"));
        pod.serves(CHAT, _ -> "\"wrong channel\"");
        pod.subscribes(ORDERS);

        // when
        var failure = pod.asksInVain(ORDERS, "{}");

        // then
        assertThat(failure)
                .isInstanceOf(NobodyServesException.class)
                .hasMessage("Nobody serves channel acme:/event/Order__e");
    }

    @Test
    void whoServesNoLongerIsNotAsked() {
        // given
        var asking = pod();
        var first = pod();
        first.serves(ORDERS, _ -> "\"first\"");
        assertThat(asking.asks(ORDERS, "{}")).isEqualTo("\"first\"");
        var second = pod();

        // when
        answer(first.backplane().unserve(ORDERS));
        second.serves(ORDERS, _ -> "\"second\"");

        // then
        assertThat(asking.asks(ORDERS, "{}")).isEqualTo("\"second\"");
        answer(second.backplane().unserve(ORDERS));
        await().atMost(TestPod.LIMIT)
                .untilAsserted(
                        () -> assertThat(asking.asksInVain(ORDERS, "{}")).isInstanceOf(NobodyServesException.class));
    }

    @Test
    void aSecondServerOnAPodReplacesTheFirst() {
        // given
        var pod = pod();
        pod.serves(ORDERS, _ -> "\"first\"");

        // when
        pod.serves(ORDERS, _ -> "\"second\"");

        // then
        assertThat(pod.asks(ORDERS, "{}")).isEqualTo("\"second\"");
    }

    @Test
    void whileTwoServeAChannelBothAreAskedAndTheFirstAnswerWins() {
        // given
        var asking = pod();
        var quick = pod();
        var slow = pod();
        var late = new CompletableFuture<RawJson>();
        quick.serves(ORDERS, _ -> "\"quick\"");
        var askedSlow = new CopyOnWriteArrayList<String>();
        answer(slow.backplane().serve(ORDERS, question -> {
            askedSlow.add(question.toString());
            return Uni.createFrom().completionStage(late);
        }));

        // when
        var first = asking.asks(ORDERS, "1");
        late.complete(RawJson.of("\"late\""));
        await().atMost(TestPod.LIMIT).untilAsserted(() -> assertThat(askedSlow).containsExactly("1"));
        answer(quick.backplane().unserve(ORDERS));

        // then
        assertThat(first).isEqualTo("\"quick\"");
        assertThat(asking.asks(ORDERS, "2")).isEqualTo("\"late\"");
    }

    @Test
    void aServerThatFailsIsAFailureThatSaysSo() {
        // given
        var asking = pod();
        var serving = pod();
        answer(serving.backplane()
                .serve(ORDERS, _ -> Uni.createFrom().failure(new IllegalStateException("no idea: ä"))));
        answer(serving.backplane().serve(CHAT, _ -> {
            throw new IllegalStateException("thrown");
        }));

        // when
        var failed = asking.asksInVain(ORDERS, "{}");
        var thrown = asking.asksInVain(CHAT, "{}");

        // then
        assertThat(failed)
                .isInstanceOf(ServerFailedException.class)
                .hasMessage("Who serves channel acme:/event/Order__e failed: IllegalStateException: no idea: ä");
        assertThat(thrown).isInstanceOf(ServerFailedException.class).hasMessageEndingWith("thrown");
    }

    @Test
    void aSilentServerIsUnavailableWhenTheTimeIsOver() {
        // given
        var asking = pod(Map.of("timeout", "500ms"));
        var serving = pod();
        answer(serving.backplane().serve(ORDERS, _ -> Uni.createFrom().nothing()));

        // when
        var failure = asking.asksInVain(ORDERS, "{}");

        // then
        assertThat(failure)
                .isInstanceOf(BackplaneUnavailableException.class)
                .hasMessageContaining("has not answered within PT0.5S");
    }

    @Test
    void moreOpenQuestionsThanMayBeAreRefusedAtOnce() {
        // given
        var asking = pod(Map.of("max-in-flight", "8"));
        var serving = pod();
        var answers = new CompletableFuture<RawJson>();
        answer(serving.backplane().serve(ORDERS, _ -> Uni.createFrom().completionStage(answers)));
        var open = IntStream.range(0, 8)
                .mapToObj(_ -> asking.backplane().ask(ORDERS, RawJson.of("{}")).subscribeAsCompletionStage())
                .toList();

        // when
        var refused = asking.asksInVain(ORDERS, "{}");
        answers.complete(RawJson.of("1"));

        // then
        assertThat(refused)
                .isInstanceOf(BackplaneUnavailableException.class)
                .hasMessage("Too much in flight: 8 questions are open");
        assertThat(open).allSatisfy(one -> assertThat(one).succeedsWithin(TestPod.LIMIT));
        assertThat(asking.asks(ORDERS, "{}")).isEqualTo("1");
    }

    @Test
    void aServerThatHasTooMuchToAnswerFailsTheNextQuestion() {
        // given
        var asking = pod();
        var serving = pod(Map.of("max-in-flight", "8"));
        var answers = new CompletableFuture<RawJson>();
        answer(serving.backplane().serve(ORDERS, _ -> Uni.createFrom().completionStage(answers)));
        var open = IntStream.range(0, 8)
                .mapToObj(_ -> asking.backplane().ask(ORDERS, RawJson.of("{}")).subscribeAsCompletionStage())
                .toList();

        // when
        var refused = asking.asksInVain(ORDERS, "{}");
        answers.complete(RawJson.of("1"));

        // then
        assertThat(refused)
                .isInstanceOf(ServerFailedException.class)
                .hasMessageEndingWith("8 questions are being answered already");
        assertThat(open).allSatisfy(one -> assertThat(one).succeedsWithin(TestPod.LIMIT));
        assertThat(asking.asks(ORDERS, "{}")).isEqualTo("1");
    }

    @Test
    void aQuestionHasASizeAndSoHasAnAnswer() {
        // given
        var pod = pod();
        var most = '"' + "a".repeat(Backplane.MAX_QUESTION - 2) + '"';
        pod.serves(ORDERS, Object::toString);
        pod.serves(CHAT, _ -> most + " ");

        // when
        var answer = pod.asks(ORDERS, most);
        var questionTooLarge = pod.asksInVain(ORDERS, most + " ");
        var answerTooLarge = pod.asksInVain(CHAT, "{}");

        // then
        assertThat(answer).isEqualTo(most);
        assertThat(questionTooLarge).isInstanceOf(IllegalArgumentException.class);
        assertThat(answerTooLarge).isInstanceOf(ServerFailedException.class).hasMessageEndingWith("too large");
    }

    @Test
    void aClosedPodServesNothing() {
        // given
        var closed = new TestPod(open(TestConfig.with(settings()))).ready();
        closed.serves(ORDERS, Object::toString);
        var asking = pod();
        assertThat(asking.asks(ORDERS, "1")).isEqualTo("1");

        // when
        closed.close();

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(
                        () -> assertThat(asking.asksInVain(ORDERS, "{}")).isInstanceOf(NobodyServesException.class));
    }

    // Revocations

    @Test
    void aRevocationIsKnownToEveryPod() {
        // given
        var one = pod();
        var two = pod();
        var now = Instant.now();
        var all = List.of(
                new Revocation("acme", "alice", now, now.plusSeconds(60)),
                new Revocation("acme", "al:ice ä", now.minusSeconds(5), now.plusSeconds(3600)),
                new Revocation("other", "alice", now.plusSeconds(1), now.plus(Duration.ofDays(400))));

        // when
        all.forEach(revocation -> answer(one.backplane().revoke(revocation)));

        // then
        assertThat(answer(two.backplane().revocations())).containsExactlyInAnyOrderElementsOf(all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoRevocationsTheLaterTimesCount(boolean laterIssuedFirst) {
        // given
        var pod = pod();
        var now = Instant.now();
        var issuedLater = new Revocation("acme", "alice", now, now.plusSeconds(10));
        var longer = new Revocation("acme", "alice", now.minusSeconds(5), now.plusSeconds(60));

        // when
        answer(pod.backplane().revoke(laterIssuedFirst ? issuedLater : longer));
        answer(pod.backplane().revoke(laterIssuedFirst ? longer : issuedLater));

        // then
        assertThat(answer(pod.backplane().revocations()))
                .containsExactly(new Revocation("acme", "alice", now, now.plusSeconds(60)));
    }

    @Test
    void aRevocationIsForgottenWhenItsTimeHasCome() {
        // given
        var pod = pod();
        var now = Instant.now();
        var lasting = new Revocation("acme", "bob", now, now.plusSeconds(600));

        // when
        answer(pod.backplane().revoke(lasting));
        answer(pod.backplane().revoke(new Revocation("acme", "over", now, now.minusSeconds(1))));
        answer(pod.backplane().revoke(new Revocation("acme", "alice", now, now.plusMillis(300))));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(
                        () -> assertThat(answer(pod.backplane().revocations())).containsExactly(lasting));
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

    // Leases

    @Test
    void whoIsAloneHoldsAllThatItWantsAndARenewalKeepsTheFence() {
        // given
        var pod = pod();

        // when
        var first = claim(pod, "a", "t1", "t2", "t3");
        var again = claim(pod, "a", "t1", "t2", "t3");
        var more = claim(pod, "a", "t1", "t2", "t3", "t4");
        var less = claim(pod, "a", "t2", "t4");

        // then
        assertThat(first.held()).containsOnlyKeys("t1", "t2", "t3");
        assertThat(first.surplus()).isEmpty();
        assertThat(again.held()).isEqualTo(first.held());
        assertThat(more.held()).hasSize(4).containsAllEntriesOf(first.held());
        assertThat(less.held()).containsOnlyKeys("t2", "t4");
    }

    @Test
    void twoMembersShareTheLeasesEvenly() {
        // given
        var one = pod();
        var two = pod();
        String[] all = {"t1", "t2", "t3", "t4", "t5"};
        var alone = claim(one, "a", all);

        // when
        var joined = claim(two, "b", all);
        var told = claim(one, "a", all);
        var gaveUp = release(one, "a", told.surplus(), all);
        var took = claim(two, "b", all);

        // then
        assertThat(alone.held()).containsOnlyKeys(all);
        assertThat(joined.held()).isEmpty();
        assertThat(told.held()).isEqualTo(alone.held());
        assertThat(told.surplus()).hasSize(2);
        assertThat(gaveUp.held()).hasSize(3).doesNotContainKeys(told.surplus().toArray(String[]::new));
        assertThat(gaveUp.surplus()).isEmpty();
        assertThat(took.held()).containsOnlyKeys(told.surplus());
        assertThat(took.held())
                .allSatisfy((name, fence) ->
                        assertThat(fence).isGreaterThan(alone.held().get(name)));
        assertThat(claim(one, "a", all)).isEqualTo(gaveUp);
    }

    @Test
    void ofThreeMembersThatStartTogetherEachGetsItsShare() {
        // given
        var pod = pod();
        String[] all = {"t1", "t2", "t3", "t4", "t5", "t6", "t7"};
        claim(pod, "a", "none of these");
        claim(pod, "b", "none of these");
        claim(pod, "c", "none of these");

        // when
        for (int i = 0; i < 3; i++) {
            for (var member : List.of("a", "b", "c")) {
                var told = claim(pod, member, all);
                release(pod, member, told.surplus(), all);
            }
        }

        // then
        var held = Stream.of("a", "b", "c")
                .map(member -> claim(pod, member, all).held().keySet())
                .toList();
        assertThat(held).extracting(Set::size).containsExactlyInAnyOrder(3, 2, 2);
        assertThat(held.stream().flatMap(Set::stream)).containsExactlyInAnyOrder(all);
    }

    @Test
    void aMemberGetsOnlyWhatItWantsAndGivesUpForWhoWantsTheSame() {
        // given
        var pod = pod();
        claim(pod, "rich", "x", "y", "z");

        // when
        var poor = claim(pod, "poor", "x");
        var foreign = claim(pod, "foreign", "w");
        var told = claim(pod, "rich", "x", "y", "z");
        release(pod, "rich", told.surplus(), "x", "y", "z");
        var took = claim(pod, "poor", "x");

        // then
        assertThat(poor.held()).isEmpty();
        assertThat(foreign.held()).containsOnlyKeys("w");
        assertThat(told.surplus()).containsExactly("x");
        assertThat(took.held()).containsOnlyKeys("x");
        assertThat(claim(pod, "rich", "x", "y", "z").held()).containsOnlyKeys("y", "z");
    }

    @Test
    void whoLeavesGivesUpAllAtOnce() {
        // given
        var pod = pod();
        var before = claim(pod, "a", "t1", "t2");
        assertThat(claim(pod, "b", "t1", "t2").held()).isEmpty();

        // when
        var left = claim(pod, "a");
        var took = claim(pod, "b", "t1", "t2");

        // then
        assertThat(left).isEqualTo(new LeaseAnswer(Map.of(), Set.of()));
        assertThat(took.held()).containsOnlyKeys("t1", "t2");
        assertThat(took.held())
                .allSatisfy((name, fence) ->
                        assertThat(fence).isGreaterThan(before.held().get(name)));
    }

    @Test
    void firstLeaseThatAGroupIsEverGivenIsToldAsSuch() {
        // given
        var pod = pod();

        // when
        var first = claim(pod, "a", "t1");
        var again = claim(pod, "a", "t1");
        var more = claim(pod, "a", "t1", "t2");

        // then
        assertThat(first.first()).isTrue();
        assertThat(again.first()).isFalse();
        assertThat(more.first()).isFalse();
    }

    @Test
    void whoReleasesGetsItBackUnlessAnotherHoldsFewer() {
        // given
        var pod = pod();
        var before = claim(pod, "a", "t1");

        // when
        var alone = release(pod, "a", Set.of("t1"), "t1");
        claim(pod, "b", "t1");
        var besides = release(pod, "a", Set.of("t1"), "t1");

        // then
        assertThat(alone.held().get("t1")).isGreaterThan(before.held().get("t1"));
        assertThat(besides.held().get("t1")).isGreaterThan(alone.held().get("t1"));
        assertThat(claim(pod, "b", "t1").held()).isEmpty();
    }

    @Test
    void whoFallsSilentLosesItsLeasesToTheOthers() {
        // given
        var pod = pod();
        var silent = answer(pod.backplane()
                .claim(new LeaseClaim("group", "silent", Duration.ofMillis(200), Set.of("t1", "t2"), Set.of())));
        assertThat(silent.held()).containsOnlyKeys("t1", "t2");

        // when / then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(claim(pod, "b", "t1", "t2").held())
                        .hasSize(2)
                        .allSatisfy((name, fence) ->
                                assertThat(fence).isGreaterThan(silent.held().get(name))));
        assertThat(claim(pod, "silent", "t1", "t2").held()).isEmpty();
    }

    @Test
    void groupsKnowNothingOfEachOther() {
        // given
        var pod = pod();
        claim(pod, "a", "t1");

        // when
        var other = answer(pod.backplane().claim(new LeaseClaim("other", "b", LIVES, Set.of("t1"), Set.of("t1"))));

        // then
        assertThat(other.held()).containsOnlyKeys("t1");
        assertThat(claim(pod, "a", "t1").held()).containsOnlyKeys("t1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noTwoMembersHoldOneLeaseHoweverTheirClaimsMix(long seed) {
        // given
        var pods = List.of(pod(), pod());
        var random = new Random(seed);
        var members = List.of("a", "b", "c", "d");
        var names =
                IntStream.range(0, 11).mapToObj(i -> "topic " + i + " \"ä\"").toList();
        var views = new HashMap<String, LeaseAnswer>();
        var fences = new HashMap<String, Long>();

        // when / then
        for (int step = 0; step < 150; step++) {
            String member = members.get(random.nextInt(members.size()));
            Set<String> wanted = random.nextInt(8) == 0
                    ? Set.of()
                    : names.stream().filter(_ -> random.nextInt(4) > 0).collect(toSet());
            Set<String> released = random.nextBoolean()
                    ? views.getOrDefault(member, NOTHING).surplus()
                    : Set.of(names.get(random.nextInt(names.size())));
            var pod = pods.get(random.nextInt(pods.size()));
            var answer = answer(pod.backplane().claim(new LeaseClaim("group", member, LIVES, wanted, released)));
            var before = views.put(member, answer);
            assertThat(views.values().stream().flatMap(view -> view.held().keySet().stream()))
                    .as("seed %d, step %d", seed, step)
                    .doesNotHaveDuplicates();
            assertThat(wanted).containsAll(answer.held().keySet());
            assertThat(answer.held().keySet()).containsAll(answer.surplus());
            answer.held().forEach((name, fence) -> {
                boolean renewed = before != null && fence.equals(before.held().get(name));
                assertThat(renewed || fence > fences.getOrDefault(name, 0L)).isTrue();
                fences.put(name, fence);
            });
        }
        for (int i = 0; i < 6; i++) {
            for (String member : members) {
                Set<String> surplus = views.getOrDefault(member, NOTHING).surplus();
                views.put(member, release(pods.getFirst(), member, surplus, names.toArray(String[]::new)));
            }
        }
        assertThat(views.values().stream().flatMap(view -> view.held().keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(names);
        assertThat(views.values()).allSatisfy(view -> {
            assertThat(view.held()).hasSizeBetween(2, 3);
            assertThat(view.surplus()).isEmpty();
        });
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
        answer(other.backplane().control(RawJson.of("{}")));
        answer(other.backplane().control(closed.backplane().podId(), RawJson.of("{}")));
        other.publishes(ORDERS, "after", KEEP);

        // then
        other.hears("\"after\"");
        assertThat(closed.backplane().state()).isEqualTo(new BackplaneState.Unavailable("closed"));
        assertThat(closed.heard()).isEmpty();
        assertThat(closed.controls()).isEmpty();
        assertThatThrownBy(() -> closed.publishes(ORDERS, "refused", KEEP))
                .isInstanceOf(BackplaneUnavailableException.class);
    }

    @Test
    void moreThanTheCallerWantsAreCountedAndNotListed() {
        // given
        var pod = pod();
        pod.enters(ORDERS, ALICE, SEEN);
        pod.enters(ORDERS, BOB, QUIET);
        var failure = new CompletableFuture<Throwable>();

        // when
        pod.backplane()
                .presence(ORDERS, 1)
                .subscribe()
                .with(_ -> failure.complete(new AssertionError("listed")), failure::complete);

        // then
        assertThat(failure)
                .succeedsWithin(TestPod.LIMIT)
                .isInstanceOfSatisfying(TooManyMembersException.class, tooMany -> {
                    assertThat(tooMany.count()).isEqualTo(2);
                    assertThat(tooMany.limit()).isEqualTo(1);
                    assertThat(tooMany).hasMessage("2 on the channel, more than 1: ask for presence_stats");
                });
        assertThat(answer(pod.backplane().presence(ORDERS, 2))).containsExactlyInAnyOrder(ALICE, BOB);
    }

    @Test
    void thoseWhoseTimeIsOverAreNotTooMany() {
        // given
        var brief = pod(BRIEF);
        brief.enters(ORDERS, ALICE, QUIET);
        awaitSilence(brief);

        // when
        brief.enters(ORDERS, BOB, QUIET);

        // then
        assertThat(answer(brief.backplane().presence(ORDERS, 1))).containsExactly(BOB);
    }

    @Test
    void whoEnteredBeforeTheQuestionIsListedAlsoWhenAnEarlierQuestionIsUnanswered() {
        // given
        var pod = pod();
        var answers = new ArrayList<CompletableFuture<List<Member>>>();
        var backplane = pod.backplane();

        // when
        answers.add(backplane.presence(ORDERS, 10).subscribeAsCompletionStage());
        var entered = backplane.enter(ORDERS, ALICE, QUIET).subscribeAsCompletionStage();
        answers.add(backplane.presence(ORDERS, 10).subscribeAsCompletionStage());
        answers.add(backplane.presence(ORDERS, 10).subscribeAsCompletionStage());

        // then
        assertThat(entered).succeedsWithin(TestPod.LIMIT);
        assertThat(answers).allSatisfy(list -> assertThat(list).succeedsWithin(TestPod.LIMIT));
        assertThat(answers.subList(1, 3)).allSatisfy(list -> assertThat(list).isCompletedWithValue(List.of(ALICE)));
    }

    /** Each way to speak of who is on {@link #ORDERS}, for somebody else than {@link #ALICE}. */
    enum PresenceCall {
        ENTER,
        LEAVE,
        KEEP,
        LIST,
        COUNT;

        Uni<?> make(Backplane backplane) {
            return switch (this) {
                case ENTER -> backplane.enter(ORDERS, BOB, QUIET);
                case LEAVE -> backplane.leave(ORDERS, BOB, QUIET);
                case KEEP -> backplane.keep(ORDERS, List.of(BOB), QUIET);
                case LIST -> backplane.presence(ORDERS, 10);
                case COUNT -> backplane.presenceStats(ORDERS);
            };
        }
    }

    /** Until whoever was said to be on a channel before has been silent for too long; asks another channel only. */
    private static void awaitSilence(TestPod pod) {
        pod.enters(CHAT, BOB, QUIET);
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.lists(CHAT)).isEmpty());
    }

    static Member member(String client, String user) {
        return new Member(
                client, user, "pod-1", RawJson.of("{\"user\":\"" + user + "\",\"client\":\"" + client + "\"}"));
    }

    static List<SourceEvent> events(String... ids) {
        return List.of(ids).stream().map(id -> new SourceEvent(id, draft(id))).toList();
    }

    static void publishMany(TestPod pod, ChannelName channel, int count) {
        IntStream.rangeClosed(1, count).forEach(i -> pod.publishes(channel, "m" + i, KEEP));
    }

    private static List<Long> offsets(History history) {
        return history.publications().stream().map(Publication::offset).toList();
    }

    private static List<Long> rising(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static NodeInfo node(String id) {
        return new NodeInfo(id, "pod-" + id, "0.1", 77);
    }

    static LeaseAnswer claim(TestPod pod, String member, String... wanted) {
        return release(pod, member, Set.of(), wanted);
    }

    private static LeaseAnswer release(TestPod pod, String member, Set<String> released, String... wanted) {
        return answer(pod.backplane().claim(new LeaseClaim("group", member, LIVES, Set.of(wanted), released)));
    }

    private static void assertFenced(Uni<?> call, long inForce) {
        var failure = new CompletableFuture<Throwable>();
        call.subscribe().with(_ -> failure.complete(new AssertionError("done")), failure::complete);
        assertThat(failure)
                .succeedsWithin(TestPod.LIMIT)
                .isInstanceOfSatisfying(
                        FencedException.class,
                        fenced -> assertThat(fenced.inForce()).isEqualTo(inForce));
    }

    private static void assertConflict(Uni<Copied> call, Optional<String> current) {
        var failure = new CompletableFuture<Throwable>();
        call.subscribe().with(_ -> failure.complete(new AssertionError("published")), failure::complete);
        assertThat(failure)
                .succeedsWithin(TestPod.LIMIT)
                .isInstanceOfSatisfying(
                        CheckpointConflictException.class,
                        conflict -> assertThat(conflict.current()).isEqualTo(current));
    }
}
