package io.lightline.relay.tenant;

import io.lightline.relay.filter.Filter;
import org.jspecify.annotations.Nullable;

/** Where a connection stands to a channel at the moment: some rights are those of subscribers. */
public sealed interface Standing {

    /** Not on it. */
    record Outside() implements Standing {}

    /**
     * On it.
     *
     * @param forced the filter that {@link ChannelAuthorizer.Verdict.Granted} named then: it holds for the history too; null for none
     */
    record Subscribed(@Nullable Filter forced) implements Standing {}
}
