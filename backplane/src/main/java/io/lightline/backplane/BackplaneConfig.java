package io.lightline.backplane;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How this process speaks to the other pods. Where Redis is, is said to the Redis client: {@code quarkus.redis.hosts}. */
@ConfigMapping(prefix = "lightline.backplane")
public interface BackplaneConfig {

    /** {@code redis}, or {@code memory} for a single process without Redis. */
    @WithDefault("redis")
    Type type();

    /** First part of every Redis key and pub/sub channel of this installation. */
    @WithDefault("lightline")
    String keyPrefix();

    /** How long to wait for an answer, for a confirmed subscription and for the self-probe's return. */
    @WithDefault("5s")
    Duration timeout();

    /** Commands that may wait for Redis' answer at once; one more is refused at once. */
    @WithDefault("1024")
    int maxInFlight();

    /** How often a pod publishes to itself to prove that publications still come through. */
    @WithDefault("5s")
    Duration probeInterval();

    /** First pause before a reconnect; doubled each time, with full jitter. */
    @WithDefault("100ms")
    Duration reconnectDelay();

    /** Longest pause before a reconnect. */
    @WithDefault("5s")
    Duration maxReconnectDelay();

    /**
     * How long the position of a channel is remembered after its last publication or reading, give or take a tenth; longer
     * than any history. Of a channel that nobody has published to yet it is ten minutes at most.
     */
    @WithDefault("30d")
    Duration positionTtl();

    /** How long the answer to a publication with an idempotency key is remembered. */
    @WithDefault("5m")
    Duration idempotencyWindow();

    /** How long the id of a Salesforce event is remembered; the longest time that Salesforce replays. */
    @WithDefault("72h")
    Duration dedupeWindow();

    /** How long a client stays listed on a channel after its pod fell silent. */
    @WithDefault("60s")
    Duration presenceTtl();

    /** A pod that has not announced itself for so long is gone. */
    @WithDefault("15s")
    Duration nodeTtl();

    /**
     * Whether a restarted or failed-over Redis is known to have kept every acknowledged write ({@code appendfsync always}, or
     * {@code WAIT}). When false, a new server process starts a new epoch in every channel, and clients are told so.
     */
    @WithDefault("false")
    boolean durable();

    /** Where publications travel. */
    enum Type {
        REDIS,
        MEMORY
    }
}
