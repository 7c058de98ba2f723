package io.lightline.relay.hub;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How channels are followed and recovered. */
@ConfigMapping(prefix = "lightline.hub")
public interface HubConfig {

    /** A client that missed more publications than this is told that it cannot recover. */
    @WithDefault("1000")
    int recoveryLimit();

    /**
     * A client that missed more than this in bytes is told that it cannot recover: a reply goes out in one piece. More than
     * {@code lightline.session.max-pending}, or a slow client could not recover what it missed. No
     * reading of a stream takes more at once.
     */
    @WithDefault("2M")
    MemorySize recoveryBytes();

    /** Different filters on one channel of one pod; a subscription with one more is refused (106). */
    @WithDefault("256")
    int maxFilters();

    /** Live publications of a channel that may wait while what is missing before them is read. */
    @WithDefault("1024")
    int heldLimit();

    /**
     * A channel on which nothing came for so long is compared with its stream, in case its last publication was lost. At most
     * a few minutes: a check also keeps the position of an empty channel from being forgotten.
     */
    @WithDefault("30s")
    Duration positionCheckInterval();

    /** Pause before a failed reading of a stream is tried again. */
    @WithDefault("1s")
    Duration retryDelay();

    /** Readings of streams at once, so that a restored backplane is not flooded. */
    @WithDefault("128")
    int maxReads();

    /** Join and leave events of a channel that a pod pushes a second; what is more is dropped. */
    @WithDefault("100")
    int presenceRate();

    /** Join and leave events of a channel that a pod pushes at once after a quiet time. */
    @WithDefault("200")
    int presenceBurst();
}
