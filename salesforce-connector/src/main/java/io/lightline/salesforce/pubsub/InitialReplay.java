package io.lightline.salesforce.pubsub;

/** Where to start on a topic that was never read. */
public enum InitialReplay {
    /** With what is published from now on. */
    LATEST,
    /** With all that Salesforce still has, up to 72 hours. Each event counts against the org's daily deliveries. */
    EARLIEST
}
