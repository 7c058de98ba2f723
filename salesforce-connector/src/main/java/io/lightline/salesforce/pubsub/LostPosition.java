package io.lightline.salesforce.pubsub;

/** What to do when Salesforce does not know the checkpoint any more: it is older than 72 hours, or the org was moved. */
public enum LostPosition {
    /** Tell of the gap, go on with what is published from now on. */
    LATEST,
    /** Tell of the gap, go on with all that Salesforce still has. Each event counts against the org's daily deliveries. */
    EARLIEST,
    /** Read no more until an operator moves the checkpoint, or starts the stream anew with another policy. */
    HALT
}
