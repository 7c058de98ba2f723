package io.lightline.publisher.source;

import io.lightline.salesforce.pubsub.SalesforceStream;

/** Hears which topics there are, and what becomes of them. Called on the backplane's delivery thread; does not block. */
public interface TopicWatcher {

    /** A topic has been configured. */
    void added(Topic topic);

    /** This replica reads it from now on. */
    void began(Topic topic, SalesforceStream stream);

    /** It does so no more. */
    void ended(Topic topic);

    /** The topic is configured no longer. */
    void removed(Topic topic);
}
