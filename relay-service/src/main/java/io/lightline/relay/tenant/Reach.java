package io.lightline.relay.tenant;

import io.lightline.relay.filter.Filter;
import org.jspecify.annotations.Nullable;

/** How much of a channel somebody has a right to. Rights of several sources add up. */
sealed interface Reach {

    Reach NOTHING = new Nothing();
    Reach EVERYTHING = new Everything();

    record Nothing() implements Reach {}

    record Filtered(Filter filter) implements Reach {}

    record Everything() implements Reach {}

    static Reach through(@Nullable Filter filter) {
        return filter == null ? EVERYTHING : new Filtered(filter);
    }

    static Reach when(boolean allowed) {
        return allowed ? EVERYTHING : NOTHING;
    }

    default Reach or(Reach other) {
        return switch (this) {
            case Nothing _ -> other;
            case Everything _ -> this;
            case Filtered(var filter) ->
                switch (other) {
                    case Nothing _ -> this;
                    case Everything _ -> other;
                    case Filtered(var another) -> new Filtered(Filter.or(filter, another));
                };
        };
    }
}
