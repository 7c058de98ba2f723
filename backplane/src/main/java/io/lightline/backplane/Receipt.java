package io.lightline.backplane;

/**
 * Metadata of the acknowledgement of a message with an origin: what became of it.
 *
 * @param known whether it was left out, because the channel has had the event before
 */
public record Receipt(boolean known) {}
