package io.lightline.salesforce.pubsub;

/**
 * What the server still owes on one stream. Salesforce adds each {@code num_requested} to what it owes already and silently
 * cuts the sum at {@value #MOST}; so we never let it grow beyond. Not thread-safe.
 */
final class Credits {

    /** Source: Pub/Sub API guide, «Flow control». */
    static final int MOST = 100;

    private long outstanding;
    private boolean askedSinceLastResponse;

    long outstanding() {
        return outstanding;
    }

    /**
     * How many events to ask for now, so that the server owes {@code room}: nothing until half of it is used up, or every
     * event would cost a request.
     *
     * @param room events that can be taken, those that are owed already included
     */
    int topUp(long room) {
        long target = Math.min(room, MOST);
        if (outstanding >= target || outstanding > target / 2) {
            return 0;
        }
        int missing = Math.toIntExact(target - outstanding);
        outstanding = target;
        askedSinceLastResponse = true;
        return missing;
    }

    /**
     * A response came. Our own count is right as long as both sides are; an idle server that owes less than we think is
     * believed, or the stream would wait for ever, unless a request of ours may still be on its way.
     */
    void received(int events, int pendingNumRequested) {
        outstanding = Math.max(0, outstanding - events);
        if (events == 0 && !askedSinceLastResponse) {
            outstanding = Math.min(outstanding, pendingNumRequested);
        }
        askedSinceLastResponse = false;
    }
}
