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

import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
                    backplane.publishFrom(ORDERS, List.of(), KEEP, new Checkpoint(Optional.empty(), "1")),
                    backplane.history(ORDERS, HistoryQuery.TOP),
                    backplane.removeHistory(ORDERS),
                    backplane.enter(ORDERS, ALICE, SEEN),
                    backplane.keep(ORDERS, List.of(ALICE, BOB), SEEN),
                    backplane.leave(ORDERS, ALICE, SEEN),
                    backplane.presence(ORDERS),
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

    private static void takeAllSlots(RedisProcess node) {
        send(node, Request.cmd(Command.CLUSTER).arg("ADDSLOTSRANGE").arg(0).arg(16383));
    }

    private static void send(RedisProcess node, Request request) {
        var client = Redis.createClient(vertx, node.uri().toString());
        try {
            client.send(request).toCompletionStage().toCompletableFuture().join();
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
            send(
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
