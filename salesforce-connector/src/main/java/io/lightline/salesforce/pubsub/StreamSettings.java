package io.lightline.salesforce.pubsub;

import java.time.Duration;

/**
 * How to read one topic.
 *
 * @param initialReplay where to start when there is no checkpoint
 * @param onLostPosition what to do when Salesforce does not know the checkpoint any more
 * @param window events that may be asked for and unacknowledged at once; 100 at most, as Salesforce allows no more
 * @param watchdog without any response for so long, a stream counts as dead; Salesforce sends one every 270 seconds at the latest
 * @param settle how long a subscription to the latest events may still miss some, and is not ready
 * @param storeTimeout how long to wait for the {@link ReplayStore}
 * @param pauses before trying again
 */
public record StreamSettings(
        String topic,
        InitialReplay initialReplay,
        LostPosition onLostPosition,
        int window,
        Duration watchdog,
        Duration settle,
        Duration storeTimeout,
        Pauses pauses) {

    public StreamSettings {
        if (window < 1 || window > Credits.MOST) {
            throw new IllegalArgumentException("The window is 1 to " + Credits.MOST + " events, not " + window);
        }
    }

    /**
     * @param first upper bound of the first pause; doubled each time, with full jitter
     * @param longest upper bound of all of these
     * @param operator when somebody has to change something in the org first
     * @param quota when the org has used up its daily deliveries
     */
    public record Pauses(Duration first, Duration longest, Duration operator, Duration quota) {

        public Pauses {
            if (!first.isPositive() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "The first pause is positive and not longer than the longest one: " + first + ", " + longest);
            }
        }
    }
}
