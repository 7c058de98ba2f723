package io.lightline.backplane;

/**
 * A place in a channel's stream. Two positions can be compared only inside one epoch.
 *
 * @param offset of the last publication that was seen; 0 before the first one
 * @param epoch names the life of the stream: another epoch is another stream, and nothing of the old one is known
 */
public record Position(long offset, String epoch) {

    public Position {
        if (offset < 0) {
            throw new IllegalArgumentException("An offset is never negative: " + offset);
        }
    }

    public Position at(long otherOffset) {
        return new Position(otherOffset, epoch);
    }
}
