package io.lightline.backplane;

import static io.lightline.backplane.BackplaneContract.ALICE;
import static io.lightline.backplane.BackplaneContract.ALL;
import static io.lightline.backplane.BackplaneContract.BOB;
import static io.lightline.backplane.BackplaneContract.CHAT;
import static io.lightline.backplane.BackplaneContract.KEEP;
import static io.lightline.backplane.BackplaneContract.ORDERS;
import static io.lightline.backplane.BackplaneContract.SEEN;
import static io.lightline.backplane.TestPod.answer;
import static io.lightline.backplane.TestPod.draft;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.SourceReader.Item;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can happen to Redis and to the connections, and what the pods make of it. */
class RedisOutageIT {

    private static final Map<String, String> QUICK = Map.of(
            "timeout", "1s", "probe-interval", "200ms", "reconnect-delay", "20ms", "max-reconnect-delay", "200ms");

    private static final int ITEMS = 1000;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    // The server

    @Test
    void bothPodsComeBackByThemselvesAfterRedisWasKilledInMidStream() {
        // given
        var redis = redis();
        var one = pod(redis).ready();
        var two = pod(redis).ready();
        one.subscribes(ORDERS);
        two.subscribes(ORDERS);
        var before = one.publishes(ORDERS, "before", KEEP);
        two.hears("\"before\"");
        var stream = IntStream.range(0, 200)
                .mapToObj(i -> one.backplane().publish(ORDERS, draft("m" + i), PublishOptions.keeping(KEEP)))
                .map(call -> call.onFailure().recoverWithItem(new Position(0, "failed")))
                .map(call -> call.subscribeAsCompletionStage())
                .toList();

        // when
        redis.kill();
        awaitUnavailable(one, two);
        stream.forEach(call -> assertThat(call).succeedsWithin(TestPod.LIMIT));
        assertFailsAtOnce(one);
        redis.restart();

        // then
        one.ready();
        two.ready();
        assertThat(one.signals()).containsExactly("interrupted", "restored");
        assertThat(two.signals()).containsExactly("interrupted", "restored");
        var after = one.publishes(ORDERS, "after", KEEP);
        one.hearsLast("\"after\"");
        two.hearsLast("\"after\"");
        assertThat(after.offset()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
    }

    @Test
    void questionsAreAnsweredAgainAfterRedisWasKilled() {
        // given
        var redis = redis();
        var asking = pod(redis).ready();
        var serving = pod(redis).ready();
        serving.serves(ORDERS, Object::toString);
        assertThat(asking.asks(ORDERS, "1")).isEqualTo("1");
        answer(serving.backplane().serve(CHAT, _ -> Uni.createFrom().nothing()));
        var open = asking.backplane().ask(CHAT, RawJson.of("{}")).subscribeAsCompletionStage();

        // when
        redis.kill();
        awaitUnavailable(asking, serving);
        var whileDown = asking.asksInVain(ORDERS, "2");
        redis.restart();
        asking.ready();
        serving.ready();

        // then
        assertThat(open)
                .failsWithin(TestPod.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(BackplaneUnavailableException.class);
        assertThat(whileDown).isInstanceOf(BackplaneUnavailableException.class);
        assertThat(asking.asks(ORDERS, "3")).isEqualTo("3");
    }

    @Test
    void aStoppedRedisIsFoundByTheProbeAndUsedAgainWhenItGoesOn() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        pod.subscribes(ORDERS);

        // when
        redis.pause();
        awaitUnavailable(pod);
        assertThatThrownBy(() -> pod.publishes(ORDERS, "lost", KEEP)).isInstanceOf(BackplaneUnavailableException.class);
        await().pollDelay(Duration.ofSeconds(7))
                .until(() -> !pod.backplane().state().ready());
        redis.resume();

        // then
        pod.ready();
        pod.publishes(ORDERS, "after", KEEP);
        pod.hearsLast("\"after\"");
        assertThat(pod.signals()).containsExactly("interrupted", "restored");
    }

    @Test
    void aRestartThatKeptTheDataBeginsANewEpochAllTheSame() {
        // given
        var redis = redis("--appendonly", "yes", "--appendfsync", "always");
        var pod = pod(redis).ready();
        pod.publishes(ORDERS, "one", KEEP);
        var top = pod.publishes(ORDERS, "two", KEEP);
        answer(pod.backplane()
                .publishFrom(CHAT, BackplaneContract.events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 0)));

        // when
        restart(redis, pod);

        // then
        var history = pod.reads(ORDERS, ALL);
        assertThat(history.top().offset()).isZero();
        assertThat(history.top().epoch()).isNotEqualTo(top.epoch());
        assertThat(history.publications()).isEmpty();
        assertThat(pod.publishes(ORDERS, "three", KEEP)).isEqualTo(history.top().at(1));
        assertThat(answer(pod.backplane().checkpoint(CHAT))).contains("r1");
    }

    @Test
    void aRestartWithLessThanWasAcknowledgedNeverGivesAnOffsetTwiceInOneEpoch() {
        // given
        var redis = redis("--appendonly", "yes", "--appendfsync", "always");
        var pod = pod(redis).ready();
        var kept = pod.publishes(ORDERS, "kept", KEEP);
        ask(redis, Command.CONFIG, "SET", "appendonly", "no");
        var lost = pod.publishes(ORDERS, "lost", KEEP);
        assertThat(lost).isEqualTo(kept.at(2));

        // when
        restart(redis, pod);
        var second = pod.publishes(ORDERS, "second life", KEEP);

        // then
        assertThat(second.epoch()).isNotEqualTo(lost.epoch());
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"second life\"");
    }

    @Test
    void aRestartOfADurableRedisGoesOnWhereItWas() {
        // given
        var redis = redis("--appendonly", "yes", "--appendfsync", "always");
        var pod = pod(redis, Map.of("durable", "true")).ready();
        var top = pod.publishes(ORDERS, "one", KEEP);

        // when
        restart(redis, pod);

        // then
        assertThat(pod.publishes(ORDERS, "two", KEEP)).isEqualTo(top.at(2));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"one\"", "\"two\"");
    }

    @Test
    void aPodThatStartsBeforeItsRedisComesUpByItself() {
        // given
        int port = FreePort.next();
        var pod = pod("redis://127.0.0.1:" + port, QUICK);
        assertFailsAtOnce(pod);
        assertThatThrownBy(() -> pod.subscribes(ORDERS)).isInstanceOf(BackplaneUnavailableException.class);

        // when
        opened.add(RedisProcess.start(port));

        // then
        pod.ready();
        pod.subscribes(ORDERS);
        pod.publishes(ORDERS, "first", KEEP);
        pod.hears("\"first\"");
        assertThat(pod.signals()).isEmpty();
    }

    @Test
    void whatIsAskedBeforeTheFirstConnectionIsAnsweredByIt() {
        // given
        var redis = redis();

        // when
        var asked = pod(redis).publishes(ORDERS, "early", KEEP);

        // then
        assertThat(asked.offset()).isEqualTo(1);
    }

    // The data

    @Test
    void aFlushedRedisBeginsANewEpoch() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var before = pod.publishes(ORDERS, "before", KEEP);

        // when
        ask(redis, Command.FLUSHALL);
        var after = pod.publishes(ORDERS, "after", KEEP);

        // then
        assertThat(after.offset()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
    }

    @Test
    void fencesGrowAlsoWhenTheStoreHasForgottenThem() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var names = IntStream.range(0, 50).mapToObj(i -> "t" + i).toArray(String[]::new);
        var before = BackplaneContract.claim(pod, "a", names).held();

        // when
        ask(redis, Command.FLUSHALL);
        var after = BackplaneContract.claim(pod, "b", names).held();

        // then
        assertThat(before).hasSize(50);
        assertThat(after)
                .hasSize(50)
                .allSatisfy((name, fence) -> assertThat(fence).isGreaterThan(before.get(name)));
        assertThat(BackplaneContract.claim(pod, "a", names).held()).isEmpty();
    }

    @Test
    void aSourceGoesOnFromItsOwnMemoryWhenTheStoreHasLostTheCheckpoint() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var backplane = pod.backplane();
        answer(backplane.publishFrom(
                ORDERS, BackplaneContract.events("a"), KEEP, Checkpoint.move(Optional.empty(), "r1", 5)));
        ask(redis, Command.FLUSHALL);

        // when
        var builtOn = backplane.publishFrom(
                ORDERS, BackplaneContract.events("b"), KEEP, Checkpoint.move(Optional.of("r1"), "r2", 5));
        assertThatThrownBy(() -> answer(builtOn))
                .isInstanceOfSatisfying(
                        CheckpointConflictException.class,
                        conflict -> assertThat(conflict.current()).isEmpty());
        var read = answer(backplane.checkpoint(ORDERS, 5));
        answer(backplane.publishFrom(
                ORDERS, BackplaneContract.events("b"), KEEP, Checkpoint.move(Optional.empty(), "r2", 5)));

        // then
        assertThat(read).isEmpty();
        assertThat(answer(backplane.checkpoint(ORDERS))).contains("r2");
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"b\"");
    }

    @Test
    void sourcesLoseAndRepeatNothingWhileConnectionsBreakAndRedisRestarts() {
        // given
        var redis = redis("--appendonly", "yes", "--appendfsync", "always");
        var pod = pod(redis, Map.of("durable", "true")).ready();
        var sources = IntStream.range(0, 3)
                .mapToObj(i -> new ChannelName("acme", "topic" + i))
                .collect(toMap(channel -> channel, RedisOutageIT::items));
        var process = new ProcessSink(pod.backplane());
        pod.backplane()
                .deliveryThread()
                .execute(() -> sources.forEach((channel, items) ->
                        process.add(new SourceReader(pod.backplane(), process, channel, items, 1, _ -> false))));

        // when
        for (int part = 1; part <= 6; part++) {
            String reached = "r" + part * ITEMS / 8;
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(TestPod.LIMIT)
                    .until(() -> sources.keySet().stream().anyMatch(channel -> reached(pod, channel, reached)));
            if (part == 3) {
                redis.kill();
                redis.restart();
            } else {
                ask(redis, Command.CLIENT, "KILL", "TYPE", "normal");
            }
        }

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(sources.keySet())
                        .allSatisfy(channel -> assertThat(reached(pod, channel, "r" + (ITEMS - 1)))
                                .isTrue()));
        pod.ready();
        assertThat(process.readers()).extracting(SourceReader::refusals).anyMatch(refusals -> refusals > 0);
        sources.forEach((channel, items) -> {
            assertThat(pod.readsTexts(channel, ALL)).isEqualTo(texts(items.stream()));
            var record = new ChannelName("acme", channel.name() + "/record");
            assertThat(pod.readsTexts(record, ALL))
                    .isEqualTo(
                            texts(items.stream().filter(item -> item.derived().contains(record))));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEvictedPositionNeverMixesTwoLivesOfAStream(boolean readFirst) {
        // given
        var redis = redis();
        var pod = pod(redis, Map.of("key-prefix", "p")).ready();
        IntStream.range(0, 5).forEach(i -> pod.publishes(ORDERS, "old" + i, KEEP));
        var old = pod.reads(ORDERS, HistoryQuery.TOP).top();

        // when
        assertThat(ask(redis, Command.DEL, "p:{acme:/event/Order__e}:meta").toInteger())
                .isEqualTo(1);
        if (readFirst) {
            assertThat(pod.reads(ORDERS, ALL).publications()).isEmpty();
        }
        pod.publishes(ORDERS, "new", KEEP);

        // then
        var history = pod.reads(ORDERS, ALL);
        assertThat(history.top().epoch()).isNotEqualTo(old.epoch());
        assertThat(TestPod.texts(history.publications())).containsExactly("\"new\"");
    }

    @Test
    void whoIsKeptIsListedAgainAfterAFlushWithoutAWord() {
        // given
        var redis = redis();
        var one = pod(redis).ready();
        var two = pod(redis).ready();
        one.subscribes(ORDERS);
        one.enters(ORDERS, ALICE, SEEN);
        two.enters(ORDERS, BOB, SEEN);

        // when
        ask(redis, Command.FLUSHALL);
        one.keeps(ORDERS, List.of(ALICE), SEEN);
        two.keeps(ORDERS, List.of(BOB), SEEN);
        two.leaves(ORDERS, BOB, SEEN);

        // then
        one.isTold("a1 joined", "b1 joined", "b1 left");
        assertThat(two.lists(ORDERS)).containsExactly(ALICE);
        assertThat(two.counts(ORDERS)).isEqualTo(new PresenceStats(1, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"until", "members", "users"})
    void anEvictedPartOfAPresenceNeverLeavesItWrong(String part) {
        // given
        var redis = redis();
        var pod = pod(redis, Map.of("key-prefix", "p")).ready();
        pod.enters(ORDERS, ALICE, SEEN);
        pod.enters(ORDERS, BOB, SEEN);

        // when
        assertThat(ask(redis, Command.DEL, "p:{acme:/event/Order__e}:presence:" + part)
                        .toInteger())
                .isEqualTo(1);
        var forgotten = pod.counts(ORDERS);
        pod.keeps(ORDERS, List.of(ALICE), SEEN);

        // then
        assertThat(forgotten).isEqualTo(new PresenceStats(0, 0));
        assertThat(pod.lists(ORDERS)).containsExactly(ALICE);
        assertThat(pod.counts(ORDERS)).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void nothingOfPresenceAndRevocationsStaysForever() {
        // given
        var redis = redis();
        var pod = pod(redis, Map.of("presence-ttl", "200ms")).ready();
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.lists(ORDERS)).isEmpty());

        // when
        pod.enters(ORDERS, BOB, SEEN);
        var now = Instant.now();
        answer(pod.backplane().revoke(new Revocation("acme", "alice", now, now.plusSeconds(60))));
        answer(pod.backplane().revoke(new Revocation("acme", "bob", now, now.plusSeconds(5))));

        // then
        var parted = ask(redis, Command.PTTL, "lightline:{acme:/event/Order__e}:presence:parted");
        assertThat(parted.toLong()).isBetween(1L, Duration.ofHours(1).toMillis());
        for (var key : List.of("until", "issued-before")) {
            assertThat(ask(redis, Command.PTTL, "lightline:{revocations}:" + key)
                            .toLong())
                    .isBetween(Duration.ofSeconds(30).toMillis(), 60_000L);
        }
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(ask(redis, Command.KEYS, "*presence*"))
                        .extracting(Response::toString)
                        .containsExactly("lightline:{acme:/event/Order__e}:presence:parted"));
    }

    @Test
    void whatANewerPodWritesIsLeftOutAndTheRestGoesOn() {
        // given
        var redis = redis();
        var pod = pod(redis, Map.of("key-prefix", "p")).ready();
        pod.subscribes(ORDERS);
        pod.enters(ORDERS, ALICE, SEEN);
        pod.enters(ORDERS, BOB, SEEN);

        // when
        ask(redis, Command.HSET, "p:{acme:/event/Order__e}:presence:members", "b1", "1\u0002\u0000\u0003bob, and more");
        ask(redis, Command.PUBLISH, "p:{acme:/event/Order__e}:publications", "joined \u0002\u0000\u0003bob, and more");
        ask(redis, Command.PUBLISH, "p:{acme:/event/Order__e}:publications", "typing \u0001");
        var listed = pod.lists(ORDERS);
        var counted = pod.counts(ORDERS);
        pod.leaves(ORDERS, BOB, SEEN);

        // then
        assertThat(listed).containsExactly(ALICE);
        assertThat(counted).isEqualTo(new PresenceStats(2, 2));
        pod.isTold("a1 joined", "b1 joined", "b1 left");
        assertThat(pod.counts(ORDERS)).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void forgottenScriptsAreLoadedAgainAndTheOrderIsKept() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var calls = new ArrayList<Uni<Position>>();

        // when
        for (int i = 1; i <= 300; i++) {
            calls.add(pod.backplane().publish(ORDERS, draft("m" + i), PublishOptions.keeping(KEEP)));
        }
        ask(redis, Command.SCRIPT, "FLUSH", "SYNC");
        var positions = answer(Uni.join().all(calls).andFailFast());
        ask(redis, Command.SCRIPT, "FLUSH", "SYNC");
        var next = pod.publishes(ORDERS, "next", KEEP);

        // then
        assertThat(positions)
                .extracting(Position::offset)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 300).boxed().toList());
        assertThat(next.offset()).isEqualTo(301);
        assertThat(pod.backplane().state()).isEqualTo(new BackplaneState.Ready());
    }

    // The connections

    @Test
    void aKilledSubscriptionConnectionIsRestoredWithAllItsChannels() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var channels = IntStream.range(0, 1200)
                .mapToObj(i -> new ChannelName("acme", "room" + i))
                .toList();
        answer(Uni.join()
                .all(channels.stream().map(pod.backplane()::subscribe).toList())
                .andFailFast());
        answer(pod.backplane().unsubscribe(channels.get(7)));

        // when
        ask(redis, Command.CLIENT, "KILL", "TYPE", "pubsub");
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pod.signals()).containsExactly("interrupted", "restored"));

        // then
        pod.publishes(channels.getFirst(), "first", KEEP);
        pod.publishes(channels.get(7), "unsubscribed", KEEP);
        pod.publishes(channels.getLast(), "last", KEEP);
        pod.hears("\"first\"", "\"last\"");
        pod.ready();
    }

    @Test
    void controlMessagesAndEventsComeAgainAfterAKilledSubscriptionConnection() {
        // given
        var redis = redis();
        var one = pod(redis).ready();
        var two = pod(redis).ready();
        one.subscribes(ORDERS);

        // when
        ask(redis, Command.CLIENT, "KILL", "TYPE", "pubsub");
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(List.of(one, two))
                        .extracting(TestPod::signals)
                        .containsOnly(List.of("interrupted", "restored")));
        answer(two.backplane().control(RawJson.of("1")));
        answer(two.backplane().control(one.backplane().podId(), RawJson.of("2")));
        two.enters(ORDERS, BOB, SEEN);

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(one.controls()).containsExactly("1", "2"));
        one.isTold("b1 joined");
        assertThat(two.controls()).containsExactly("1");
    }

    @Test
    void whatPodsAskOfEachOtherFailsAtOnceWhileRedisIsGone() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        var backplane = pod.backplane();
        redis.kill();
        awaitUnavailable(pod);

        // when
        var calls = List.<Uni<?>>of(
                backplane.enter(ORDERS, ALICE, SEEN),
                backplane.leave(ORDERS, ALICE, SEEN),
                backplane.keep(ORDERS, List.of(ALICE, BOB), SEEN),
                backplane.presence(ORDERS, 10),
                backplane.presenceStats(ORDERS),
                backplane.removeHistory(ORDERS),
                backplane.control(RawJson.of("{}")),
                backplane.control(backplane.podId(), RawJson.of("{}")),
                backplane.revoke(new Revocation("acme", "alice", Instant.EPOCH, Instant.EPOCH)),
                backplane.revocations());

        // then
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(() -> answer(call))
                        .isInstanceOf(BackplaneUnavailableException.class)
                        .hasMessageStartingWith("Redis is not available: "));
    }

    @Test
    void aKilledCommandConnectionLosesNoPublication() {
        // given
        var redis = redis();
        var pod = pod(redis).ready();
        pod.subscribes(ORDERS);

        // when
        ask(redis, Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
        await().atMost(TestPod.LIMIT).untilAsserted(() -> pod.publishes(ORDERS, "after", KEEP));

        // then
        pod.hearsLast("\"after\"");
        assertThat(pod.signals()).isEmpty();
        pod.ready();
    }

    @Test
    void aPodThatCannotKeepUpIsCutOffByRedisAndComesBack() {
        // given
        var redis = redis();
        ask(redis, Command.CONFIG, "SET", "client-output-buffer-limit", "pubsub 256kb 64kb 1");
        var slow = pod(redis).ready();
        var publisher = pod(redis).ready();
        slow.subscribes(ORDERS);
        var large = "x".repeat(1 << 20);
        var goOn = new CountDownLatch(1);
        slow.backplane().deliveryThread().execute(() -> awaitLatch(goOn));

        // when
        Uni.join()
                .all(Stream.generate(() -> publisher
                                .backplane()
                                .publish(ORDERS, draft(large), PublishOptions.keeping(Retention.NONE)))
                        .limit(32)
                        .toList())
                .andFailFast()
                .await()
                .atMost(TestPod.LIMIT);
        goOn.countDown();

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(slow.signals()).startsWith("interrupted", "restored"));
        slow.ready();
        publisher.publishes(ORDERS, "after", KEEP);
        slow.hearsLast("\"after\"");
    }

    @Test
    void moreThanMayBeInFlightIsRefusedAtOnce() {
        // given
        var redis = redis();
        var pod = pod(redis, Map.of("max-in-flight", "10")).ready();
        var failures = new ArrayList<Throwable>();
        var done = new CountDownLatch(12);

        // when
        pod.backplane()
                .deliveryThread()
                .execute(() -> IntStream.range(0, 12)
                        .forEach(i -> pod.backplane()
                                .publish(ORDERS, draft("m" + i), PublishOptions.keeping(KEEP))
                                .onTermination()
                                .invoke(done::countDown)
                                .subscribe()
                                .with(_ -> {}, failures::add)));

        // then
        awaitLatch(done);
        assertThat(failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(BackplaneUnavailableException.class)
                        .hasMessage("Too much in flight: Redis has yet to answer 10"));
        pod.publishes(ORDERS, "later", KEEP);
    }

    @Test
    void aServerThatMayNotBeWrittenToIsLeft() {
        // given
        var redis = redis();
        var elsewhere = redis();
        var pod = pod(redis).ready();

        // when
        ask(redis, Command.REPLICAOF, "127.0.0.1", "" + elsewhere.port());
        awaitUnavailable(pod);
        ask(redis, Command.REPLICAOF, "NO", "ONE");

        // then
        pod.ready();
        pod.publishes(ORDERS, "after", KEEP);
    }

    /** No more than the history keeps. */
    private static List<Item> items(ChannelName channel) {
        var record = new ChannelName("acme", channel.name() + "/record");
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> new Item(
                        channel.name() + "#" + i, Optional.of("r" + i), i % 3 == 0 ? List.of(record) : List.of()))
                .toList();
    }

    private static List<String> texts(Stream<Item> items) {
        return items.map(item -> TestPod.quoted(item.id())).toList();
    }

    private static boolean reached(TestPod pod, ChannelName channel, String checkpoint) {
        return answer(pod.backplane()
                        .checkpoint(channel)
                        .onFailure(BackplaneUnavailableException.class)
                        .recoverWithItem(Optional.empty()))
                .filter(present -> number(present) >= number(checkpoint))
                .isPresent();
    }

    private static int number(String checkpoint) {
        return Integer.parseInt(checkpoint.substring(1));
    }

    private RedisProcess redis(String... options) {
        var redis = RedisProcess.start(FreePort.next(), options);
        opened.add(redis);
        return redis;
    }

    private TestPod pod(RedisProcess redis) {
        return pod(redis, Map.of());
    }

    private TestPod pod(RedisProcess redis, Map<String, String> settings) {
        var all = new HashMap<>(QUICK);
        all.putAll(settings);
        return pod(redis.uri().toString(), all);
    }

    private TestPod pod(String address, Map<String, String> settings) {
        var options = new RedisOptions().setConnectionString(address);
        var pod = new TestPod(new RedisBackplane(vertx, options, TestConfig.with(settings)));
        opened.add(pod);
        return pod;
    }

    private static void restart(RedisProcess redis, TestPod pod) {
        redis.kill();
        awaitUnavailable(pod);
        redis.restart();
        pod.ready();
    }

    private static void awaitUnavailable(TestPod... pods) {
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(pods)
                        .allSatisfy(pod ->
                                assertThat(pod.backplane().state()).isInstanceOf(BackplaneState.Unavailable.class)));
    }

    /** Without waiting for the timeout, which is as long as this test would fail after. */
    private static void assertFailsAtOnce(TestPod pod) {
        assertThatThrownBy(() -> pod.publishes(ORDERS, "refused", KEEP))
                .isInstanceOf(BackplaneUnavailableException.class)
                .hasMessageStartingWith("Redis is not available: ");
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(TestPod.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What an operator types. */
    private Response ask(RedisProcess redis, Command command, String... arguments) {
        var client = Redis.createClient(vertx, redis.uri().toString());
        var request = Request.cmd(command);
        Stream.of(arguments).forEach(request::arg);
        try {
            @Nullable
            Response response = client.send(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return Objects.requireNonNull(response);
        } finally {
            client.close();
        }
    }
}
