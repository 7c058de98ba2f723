package io.lightline.backplane;

/**
 * What becomes known of those on a channel.
 *
 * @param listed in {@link Backplane#presence} and {@link Backplane#presenceStats}
 * @param announced to the channel's listeners as {@link PresenceEvent}. Remembered with a listed member, so that whoever
 *     finds out that its pod is dead knows whether to tell the others.
 */
public record PresenceOptions(boolean listed, boolean announced) {}
