package io.lightline.simulator.pubsub;

/**
 * What a stream still owes its client. Requests add up, and never to more than 100. Not thread-safe.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/flow-control.html">Pull Subscription and
 *     Flow Control</a>
 */
final class Credits {

    private static final int MOST = 100;

    private int pending;

    void add(int requested) {
        pending = Math.min(MOST, pending + Math.min(MOST, requested));
    }

    /** Fewer credits by the events that are being sent. */
    void spend(int events) {
        if (events > pending) {
            throw new IllegalArgumentException(events + " events for " + pending + " credits");
        }
        pending -= events;
    }

    int pending() {
        return pending;
    }
}
