package io.lightline.backplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a channel's stream and the stream's top, read in one step, so that nothing lies between them.
 *
 * @param top the position of the newest publication, also of a channel that has none yet
 * @param publications in the order that was asked for
 */
public record History(Position top, List<Publication> publications) {

    public History {
        publications = List.copyOf(publications);
    }

    /** Whether a position names another life of the stream than this one; none, and one that names no epoch, fits any. */
    public boolean isOfAnotherLifeThan(@Nullable Position since) {
        return since != null && !since.epoch().isEmpty() && !since.epoch().equals(top.epoch());
    }
}
