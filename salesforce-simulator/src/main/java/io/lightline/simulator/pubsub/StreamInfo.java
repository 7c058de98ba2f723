package io.lightline.simulator.pubsub;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription, open or ended: its topic and client, when it began and ended and how, the replay ids (hex) after which it
 * began and up to which it was served, what it still owes, and what it was sent.
 */
public record StreamInfo(
        long id,
        String topic,
        String client,
        Instant opened,
        @Nullable Instant closed,
        @Nullable String end,
        String from,
        String position,
        int pendingNumRequested,
        long events,
        long responses) {}
