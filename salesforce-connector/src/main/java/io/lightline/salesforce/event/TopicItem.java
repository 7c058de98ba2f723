package io.lightline.salesforce.event;

import org.jspecify.annotations.Nullable;

/**
 * What a topic brings, in its order: an event, an event that nobody can read, or word that events may be missing. Each is
 * acknowledged; the next one of a topic names it as {@link #previous} only when it moves the checkpoint, which a {@link Gap}
 * does not.
 */
public sealed interface TopicItem permits SalesforceEvent, UndecodableEvent, Gap {

    /** Salesforce organisation that it comes from, as its token names it. */
    String orgId();

    /** What was subscribed to. */
    String topic();

    /**
     * The checkpoint that is in force at the store when all before it is dealt with, so that a store can compare and set; null
     * when the store has none.
     */
    @Nullable
    ReplayId previous();

    /** Names it however often it is delivered. */
    String id();
}
