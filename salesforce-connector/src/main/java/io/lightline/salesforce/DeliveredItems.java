package io.lightline.salesforce;

/** What a consumer's method gets. */
enum DeliveredItems {
    /** {@code SalesforceEvent}s; observers of CDI events hear of the rest. */
    EVENTS,
    /** Every {@code TopicItem}. */
    ALL
}
