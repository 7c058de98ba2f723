package io.lightline.publisher.source;

/** Hears which topics there are, whoever reads them. Called on the backplane's delivery thread; does not block. */
public interface TopicWatcher {

    /** A topic has been configured. */
    void added(Topic topic);

    /** Some time has passed: what is known of it may have changed. */
    void passed(Topic topic);

    /** It is configured no longer. */
    void removed(Topic topic);
}
