package io.lightline.backplane;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a channel's stream to read.
 *
 * @param since only what comes after (or, {@code reverse}, before) this offset; null reads from the very start (end).
 *     Its epoch is not compared here: compare it with {@link History#top()}.
 * @param limit publications at most; 0 reads the position only
 * @param reverse newest first
 * @param maxBytes of envelopes at most, but one publication at least, however large: read on from the last one
 */
public record HistoryQuery(@Nullable Position since, int limit, boolean reverse, long maxBytes) {

    /** The position of the stream's top, and nothing else. */
    public static final HistoryQuery TOP = new HistoryQuery(null, 0, false);

    public HistoryQuery {
        if (limit < 0 || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "The limits of a history are never negative: " + limit + " publications, " + maxBytes + " bytes");
        }
    }

    /** However many bytes that are: for a stream that is known to be small. */
    public HistoryQuery(@Nullable Position since, int limit, boolean reverse) {
        this(since, limit, reverse, Long.MAX_VALUE);
    }

    public static HistoryQuery after(Position since, int limit) {
        return new HistoryQuery(since, limit, false);
    }

    public HistoryQuery within(long bytes) {
        return new HistoryQuery(since, limit, reverse, bytes);
    }
}
