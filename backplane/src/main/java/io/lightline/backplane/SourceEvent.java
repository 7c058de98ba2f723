package io.lightline.backplane;

/**
 * A message from a source that is read with a checkpoint.
 *
 * @param id the source's identity of the event: published once, however often it is read
 * @param draft what to publish
 */
public record SourceEvent(String id, Draft draft) {}
