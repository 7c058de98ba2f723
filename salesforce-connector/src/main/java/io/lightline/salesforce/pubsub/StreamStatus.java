package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a topic's stream does, for health checks and metrics. {@code received = delivered + undecodable +
 * discarded}, once none waits.
 *
 * @param ready whether events arrive, or would if the consumer asked for them
 * @param state for people
 * @param received events that came from Salesforce, redelivered ones included
 * @param delivered events that were handed on
 * @param undecodable events that were skipped; alert on any
 * @param discarded events that waited when their call ended; Salesforce sends them again
 * @param refused events that the consumer did not acknowledge
 * @param gaps how often events may be missing, because Salesforce no longer knew the checkpoint or there was none yet; alert on
 *     any
 * @param reconnects calls that ended for whatever reason
 * @param unanswered events that are with the consumer now
 * @param lastResponse when Salesforce was last heard of; alert when older than the watchdog
 * @param lag age of the last event when it was handed on
 */
public record StreamStatus(
        String topic,
        boolean ready,
        String state,
        long received,
        long delivered,
        long undecodable,
        long discarded,
        long refused,
        long gaps,
        long reconnects,
        int unanswered,
        Optional<Instant> lastResponse,
        Duration lag) {}
