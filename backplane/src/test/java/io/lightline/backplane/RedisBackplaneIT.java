package io.lightline.backplane;

import io.lightline.localstack.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.RedisOptions;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

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

    abstract static class OnRedis extends BackplaneContract {

        private final ProtocolVersion protocol;
        private final String prefix = "test-" + UUID.randomUUID();

        OnRedis(ProtocolVersion protocol) {
            this.protocol = protocol;
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
