package io.lightline.relay.hub;

import io.lightline.backplane.Publication;
import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that a subscriber missed, or nothing of it.
 *
 * @param complete every missed publication is here
 * @param publications in order; none when not complete
 */
public record Recovered(boolean complete, List<Publication> publications) {

    public static final Recovered NOT = new Recovered(false, List.of());

    static Recovered with(List<Publication> publications) {
        return new Recovered(true, publications);
    }

    /** What of it somebody with this filter gets. */
    Recovered through(@Nullable Filter filter) {
        return through(filter, publication -> new Fields(publication.draft()));
    }

    /** @param fields of a publication, which filters may share */
    Recovered through(@Nullable Filter filter, Function<Publication, Fields> fields) {
        return filter == null
                ? this
                : new Recovered(
                        complete,
                        publications.stream()
                                .filter(publication -> filter.matches(fields.apply(publication)))
                                .toList());
    }
}
