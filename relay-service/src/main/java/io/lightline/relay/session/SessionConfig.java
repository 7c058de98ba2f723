package io.lightline.relay.session;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What one connection may do and hold, and how long it may be silent. */
@ConfigMapping(prefix = "lightline.session")
public interface SessionConfig {

    /** A connection without a valid connect command is closed after this time (3502). */
    @WithDefault("10s")
    Duration connectTimeout();

    /** How often the server pings. Below the idle limit of every proxy in between (often 60 s). */
    @WithDefault("25s")
    Duration pingInterval();

    /** How long the client may take for its pong before it is closed (3012). */
    @WithDefault("8s")
    Duration pongTimeout();

    /** How long an expired token is tolerated while the client refreshes it, before it is closed (3005). */
    @WithDefault("25s")
    Duration expiryGrace();

    /** Bytes of one message from a client; a larger one closes the connection (1009). */
    @WithDefault("64K")
    MemorySize maxMessageSize();

    /** Bytes that may wait for a client; one with more is closed (3008) and recovers when it is back. */
    @WithDefault("1M")
    MemorySize maxPending();

    /** How long a client may read nothing although bytes wait, before it is closed (3008). */
    @WithDefault("10s")
    Duration stallTimeout();

    /** Subscriptions of one connection at most; one more is refused (106). */
    @WithDefault("128")
    int maxChannels();

    /** Commands that may wait for the backplane's answer; the socket is not read meanwhile. */
    @WithDefault("64")
    int maxInFlight();

    /** Commands that a connection may send a second; more are refused (111), and far more close it (3013). */
    @WithDefault("200")
    int commandRate();

    /** Commands that it may send at once after a pause: a client that comes back subscribes to all of its channels. */
    @WithDefault("400")
    int commandBurst();

    /** After this time, give or take a fifth, a connection is closed (3011) and comes back elsewhere; 0s lets it live. */
    @WithDefault("0s")
    Duration maxAge();

    /** Publications in one history reply at most. */
    @WithDefault("300")
    int historyLimit();

    /** Clients in one presence reply at most; of a channel with more, presence is refused (106), presence_stats is not. */
    @WithDefault("1000")
    int presenceLimit();
}
