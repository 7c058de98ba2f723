package io.lightline.relay.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How connections are taken leave of, when the pod ends or has too many. */
@ConfigMapping(prefix = "lightline.drain")
public interface DrainConfig {

    /** Time over which all connections are closed when the pod ends. Well below the orchestrator's patience. */
    @WithDefault("30s")
    Duration window();

    /** Longest pause between two closes: few connections do not take the whole window. */
    @WithDefault("500ms")
    Duration maxPause();
}
