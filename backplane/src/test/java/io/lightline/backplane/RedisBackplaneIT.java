package io.lightline.backplane;

import static io.lightline.backplane.BackplaneContract.ALICE;
import static io.lightline.backplane.BackplaneContract.BOB;
import static io.lightline.backplane.BackplaneContract.KEEP;
import static io.lightline.backplane.BackplaneContract.ORDERS;
import static io.lightline.backplane.BackplaneContract.SEEN;
import static io.lightline.backplane.TestPod.answer;
import static io.lightline.backplane.TestPod.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on a real Redis, over both versions of its protocol. Each test has a key prefix of its own. */
class RedisBackplaneIT {

    private static RedisProcess redis;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    @Nested
    class OverResp3 extends OnRedis {
        OverResp3() {
            super(ProtocolVersion.RESP3);
        }
    }

    @Nested
    class OverResp2 extends OnRedis {
        OverResp2() {
            super(ProtocolVersion.RESP2);
        }
    }

    /** Not reached as a cluster, which the backplane does not speak yet: it is the server that judges the scripts' keys. */
    @Test
    void everyStepIsLegalInACluster() {
        // given
        try (var node = RedisProcess.start(
                        FreePort.next(), "--cluster-enabled", "yes", "--cluster-port", "" + FreePort.next());
                var pod = new TestPod(new RedisBackplane(
                        vertx, new RedisOptions().setConnectionString(node.uri().toString()), TestConfig.defaults()))) {
            takeAllSlots(node);
            var backplane = pod.ready().backplane();
            var now = Instant.now();

            // when
            var steps = List.<Uni<?>>of(
                    backplane.publish(ORDERS, draft("m"), new PublishOptions(KEEP, Optional.of("key"))),
                    backplane.publishFrom(ORDERS, List.of(), KEEP, Checkpoint.move(Optional.empty(), "1", 0)),
                    backplane.checkpoint(ORDERS),
                    backplane.checkpoint(ORDERS, 1),
                    backplane.channels("acme", ""),
                    backplane.claim(
                            new LeaseClaim("group", "a", Duration.ofMinutes(1), Set.of("/event/Order__e"), Set.of())),
                    backplane.history(ORDERS, HistoryQuery.TOP),
                    backplane.removeHistory(ORDERS),
                    backplane.enter(ORDERS, ALICE, SEEN),
                    backplane.keep(ORDERS, List.of(ALICE, BOB), SEEN),
                    backplane.leave(ORDERS, ALICE, SEEN),
                    backplane.presence(ORDERS, 10),
                    backplane.presenceStats(ORDERS),
                    backplane.control(RawJson.of("{}")),
                    backplane.revoke(new Revocation("acme", "alice", now, now.plusSeconds(60))),
                    backplane.revocations(),
                    backplane.nodes());

            // then
            assertThat(steps)
                    .allSatisfy(step -> assertThatCode(() -> answer(step)).doesNotThrowAnyException());
        }
    }

    @Test
    void thoseWhoAskAtOnceWhoIsOnAChannelShareTheReading() {
        // given
        try (var pod = new TestPod(new RedisBackplane(
                vertx,
                new RedisOptions().setConnectionString(redis.uri().toString()),
                TestConfig.with(Map.of("key-prefix", "test-" + UUID.randomUUID()))))) {
            var backplane = pod.ready().backplane();
            pod.enters(ORDERS, ALICE, SEEN);
            long before = scriptsRun();
            var answers = new ArrayList<CompletableFuture<List<Member>>>();
            var asked = new CompletableFuture<Void>();

            // when
            backplane.deliveryThread().execute(() -> {
                for (int i = 0; i < 100; i++) {
                    answers.add(backplane.presence(ORDERS, 10).subscribeAsCompletionStage());
                }
                asked.complete(null);
            });

            // then
            assertThat(asked).succeedsWithin(TestPod.LIMIT);
            assertThat(answers)
                    .hasSize(100)
                    .allSatisfy(list ->
                            assertThat(list).succeedsWithin(TestPod.LIMIT).isEqualTo(List.of(ALICE)));
            assertThat(scriptsRun() - before).isEqualTo(2);
        }
    }

    @Test
    void aChannelThatNobodyPublishedToIsSoonForgotten() {
        // given
        var prefix = "test-" + UUID.randomUUID();
        var meta = new RedisKeys(prefix).stream(ORDERS).getFirst();
        try (var pod = new TestPod(new RedisBackplane(
                vertx,
                new RedisOptions().setConnectionString(redis.uri().toString()),
                TestConfig.with(Map.of("key-prefix", prefix))))) {
            pod.ready();

            // when
            var empty = pod.reads(ORDERS, HistoryQuery.TOP).top();
            Duration whileEmpty = timeToLive(meta);
            var published = pod.publishes(ORDERS, "m", KEEP);
            Duration afterwards = timeToLive(meta);

            // then
            assertThat(published).isEqualTo(empty.at(1));
            assertThat(whileEmpty).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
            assertThat(afterwards).isBetween(Duration.ofDays(29), Duration.ofDays(30));
        }
    }

    private static Duration timeToLive(String key) {
        return Duration.ofMillis(ask(redis, Request.cmd(Command.PTTL).arg(key)).toLong());
    }

    private static long scriptsRun() {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)")
                .matcher(ask(redis, Request.cmd(Command.INFO).arg("commandstats"))
                        .toString());
        assertThat(calls.find()).isTrue();
        return Long.parseLong(calls.group(1));
    }

    private static void takeAllSlots(RedisProcess node) {
        ask(node, Request.cmd(Command.CLUSTER).arg("ADDSLOTSRANGE").arg(0).arg(16383));
        // It looks at its slots some time after its start only, and refuses commands until then.
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(
                                ask(node, Request.cmd(Command.CLUSTER).arg("INFO"))
                                        .toString())
                        .contains("cluster_state:ok"));
    }

    private static Response ask(RedisProcess node, Request request) {
        var client = Redis.createClient(vertx, node.uri().toString());
        try {
            return client.send(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            client.close();
        }
    }

    abstract static class OnRedis extends BackplaneContract {

        private final ProtocolVersion protocol;
        private final String prefix = "test-" + UUID.randomUUID();

        OnRedis(ProtocolVersion protocol) {
            this.protocol = protocol;
        }

        @Test
        void aPodOfAnotherVersionMayTellMoreOfItself() {
            // given
            var pod = pod();
            String text = "{\"id\":\"next\",\"name\":\"pod-next\",\"version\":\"9\",\"more\":1,\"uptimeSeconds\":77}";

            // when
            ask(
                    redis,
                    Request.cmd(Command.HSET)
                            .arg(prefix + ":{nodes}:info")
                            .arg("next")
                            .arg(text));

            // then
            assertThat(answer(pod.backplane().nodes())).containsExactly(new NodeInfo("next", "pod-next", "9", 77));
        }

        @Override
        Map<String, String> settings() {
            return Map.of("key-prefix", prefix);
        }

        @Override
        Backplane open(BackplaneConfig config) {
            var options = new RedisOptions()
                    .setConnectionString(redis.uri().toString())
                    .setPreferredProtocolVersion(protocol);
            return new RedisBackplane(vertx, options, config);
        }
    }
}
