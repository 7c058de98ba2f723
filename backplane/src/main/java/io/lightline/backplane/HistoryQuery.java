package io.lightline.backplane;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a channel's stream to read.
 *
 * @param since only what comes after (or, {@code reverse}, before) this offset; null reads from the very start (end).
 *     Its epoch is not compared here: compare it with {@link History#top()}.
 * @param limit publications at most; 0 reads the position only
 * @param reverse newest first
 */
public record HistoryQuery(@Nullable Position since, int limit, boolean reverse) {

    /** The position of the stream's top, and nothing else. */
    public static final HistoryQuery TOP = new HistoryQuery(null, 0, false);

    public HistoryQuery {
        if (limit < 0) {
            throw new IllegalArgumentException("A history limit is never negative: " + limit);
        }
    }

    public static HistoryQuery after(Position since, int limit) {
        return new HistoryQuery(since, limit, false);
    }
}
