package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How a topic does, for health checks and metrics; the counts go on when its stream is opened anew. {@code received =
 * delivered + undecodable + discarded}, once none waits.
 *
 * @param ready whether events arrive, or would if the consumer asked for them
 * @param halted whether an operator has to decide about a lost position; alert when it is true
 * @param state for people
 * @param received events that came from Salesforce, redelivered ones included
 * @param delivered events that were handed on decoded
 * @param undecodable events that could not be decoded, handed on as they came; alert on any
 * @param discarded events that waited when their call ended; Salesforce sends them again
 * @param refused items that the consumer did not acknowledge
 * @param gaps how often events may be missing, because Salesforce no longer knew the checkpoint or there was none yet; alert on
 *     any
 * @param ends how often the stream had to begin anew, by cause: Salesforce's error code, a gRPC status ({@code ok} when
 *     Salesforce closed the call in peace), or {@code watchdog}, {@code refused}, {@code store}, {@code login}
 * @param unanswered items that are with the consumer now
 * @param credits events that Salesforce may still send unasked; 0 for long while ready means that the consumer stalls
 * @param lastResponse when Salesforce was last heard of; alert when older than the watchdog
 * @param lastCheckpoint when the checkpoint last moved; on an idle topic Salesforce moves it every two minutes or so, alert long
 *     before it is 72 hours old
 * @param lag age of the last event when it was handed on
 * @param rpcId Salesforce's name of the last response or failure, for its support; empty before
 * @param traceId our name of the last call, sent as {@code x-client-trace-id}; empty before
 */
public record StreamStatus(
        String topic,
        boolean ready,
        boolean halted,
        String state,
        long received,
        long delivered,
        long undecodable,
        long discarded,
        long refused,
        long gaps,
        Map<String, Long> ends,
        int unanswered,
        long credits,
        Optional<Instant> lastResponse,
        Optional<Instant> lastCheckpoint,
        Duration lag,
        String rpcId,
        String traceId) {

    /** How often the stream had to begin anew, for whatever cause. */
    public long reconnects() {
        return ends.values().stream().mapToLong(Long::longValue).sum();
    }
}
