package io.lightline.relay.session;

import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Position;
import org.jspecify.annotations.Nullable;

/**
 * As much of a channel's history as fits into one reply, to a client or to a back end: whoever asks goes on from its end.
 *
 * @param most publications
 * @param bytes that may wait for a client
 */
public record HistoryPage(int most, long bytes) {

    public static HistoryPage of(SessionConfig config) {
        return new HistoryPage(config.historyLimit(), config.maxPending().asLongValue());
    }

    /**
     * How many publications there may be of those wanted.
     *
     * @param wanted as in the protocol: negative for as many as there may be
     */
    int limit(int wanted) {
        return wanted < 0 ? most : Math.min(wanted, most);
    }

    /** @param wanted as for {@link #limit} */
    public HistoryQuery query(@Nullable Position since, int wanted, boolean reverse) {
        return new HistoryQuery(since, limit(wanted), reverse).within(bytes);
    }
}
