package io.lightline.salesforce.pubsub;

import java.time.Instant;

/**
 * When an event came from Salesforce and when it was decoded: metadata of its message, for those who trace its way. An event may wait in
 * between, for its schema or because the consumer has not asked for it yet.
 */
public record Arrival(Instant received, Instant decoded) {}
