package io.lightline.salesforce.publish;

/**
 * An event to publish.
 *
 * @param id that the event keeps all the way: a UUID. What has been published under an id is, for a while, not published again
 * @param json an object with the event's own fields, in UTF-8
 */
public record EventDraft(String id, byte[] json) {}
