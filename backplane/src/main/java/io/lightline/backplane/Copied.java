package io.lightline.backplane;

import java.util.Set;

/**
 * What a call has made of the events of a source.
 *
 * @param published how many it has published
 * @param known ids of those it has left out, because the channel has had them within {@link BackplaneConfig#dedupeWindow()}
 */
public record Copied(int published, Set<String> known) {

    public Copied {
        known = Set.copyOf(known);
    }
}
