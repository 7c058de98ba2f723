package io.lightline.backplane;

import java.util.List;

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
}
