package io.lightline.relay.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What concerns the pod as a whole. */
@ConfigMapping(prefix = "lightline")
public interface RelayConfig {

    /** Name of this pod, told to clients and to the other pods. */
    @WithDefault("${HOSTNAME:relay}")
    String nodeName();

    /** How often the pod tells the others about itself. */
    @WithDefault("5s")
    Duration announceInterval();

    /** Folder of files served at {@code /}: for the demo page of the local stack; not meant for production. */
    Optional<Path> staticFiles();
}
