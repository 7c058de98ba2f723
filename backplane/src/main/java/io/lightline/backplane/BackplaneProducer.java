package io.lightline.backplane;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives a Quarkus service its one {@link Backplane}. Where Redis is and how to speak to it comes from Quarkus' own
 * configuration ({@code quarkus.redis.*}) of the default client; the connections are the backplane's own.
 */
@Singleton
class BackplaneProducer {

    private static final Set<RedisClientType> SUPPORTED =
            EnumSet.of(RedisClientType.STANDALONE, RedisClientType.SENTINEL);

    @Produces
    @Singleton
    Backplane backplane(Vertx vertx, BackplaneConfig config, Configured configured, Instance<Redis> defaultClient) {
        return switch (config.type()) {
            case MEMORY -> new InMemoryBackplane(new InMemoryStore(), config);
            case REDIS -> new RedisBackplane(vertx, configured.options(defaultClient), config);
        };
    }

    void close(@Disposes Backplane backplane, BackplaneConfig config) {
        backplane.close().await().atMost(config.timeout());
    }

    /** Remembers what Quarkus configures its default Redis client with: TLS, credentials, Sentinels, timeouts. */
    @Singleton
    static class Configured implements RedisOptionsCustomizer {

        private volatile @Nullable RedisOptions options;

        @Override
        public void customize(String clientName, RedisOptions present) {
            if (clientName.equals(RedisConfig.DEFAULT_CLIENT_NAME)) {
                options = present;
            }
        }

        /** @param defaultClient makes Quarkus configure it, though the client itself is not used */
        RedisOptions options(Instance<Redis> defaultClient) {
            RedisOptions present = options;
            if (present == null) {
                throw new ConfigurationException(
                        "lightline.backplane.type is redis, so quarkus.redis.hosts must be set");
            }
            if (!SUPPORTED.contains(present.getType())) {
                throw new ConfigurationException("The backplane speaks to a single Redis or through Sentinels, not to "
                        + "quarkus.redis.client-type=" + present.getType());
            }
            return present;
        }
    }
}
