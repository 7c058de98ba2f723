package io.lightline.relay.filter;

import io.lightline.backplane.Draft;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the publisher has to tell of a channel itself, beside the channel's events, by the tag {@value #TAG}: a {@code gap} (events
 * may be missing) and a {@code resync} (Salesforce says that records changed and not how). No filter hides that something is
 * missing; a resync names records, so it passes the client's own filter and not one that the client cannot take off.
 */
public final class Notices {

    /** Nobody but the publisher sets it. */
    public static final String TAG = "lightline";

    private static final Filter GAP = new Filter.OneOf(TAG, Set.of("gap"), Set.of());
    private static final Filter ANY = new Filter.OneOf(TAG, Set.of("gap", "resync"), Set.of());

    private Notices() {}

    /** Whether a publication is one: then each counts, and not only the latest. */
    public static boolean include(Draft draft) {
        return draft.tags().containsKey(TAG);
    }

    /** A filter that its client cannot take off, as it is applied. */
    public static @Nullable Filter passing(@Nullable Filter forced) {
        return forced == null ? null : Filter.or(GAP, forced);
    }

    /** What both let through; {@code wanted} is the client's own. */
    public static @Nullable Filter passing(@Nullable Filter forced, @Nullable Filter wanted) {
        if (wanted == null || wanted.equals(forced)) {
            return passing(forced);
        }
        Filter own = Filter.or(ANY, wanted);
        return forced == null ? own : Filter.and(Filter.or(GAP, forced), own);
    }
}
