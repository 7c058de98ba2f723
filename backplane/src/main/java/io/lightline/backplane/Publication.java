package io.lightline.backplane;

/**
 * One message on a channel, at its place in the channel's stream.
 *
 * @param offset +1 a publication; 0 when the channel keeps no history of it, so that it cannot be recovered
 * @param draft what was published
 */
public record Publication(long offset, Draft draft) {

    /** Whether it has a place in the stream, so that a gap before it can be seen and it can be read again. */
    public boolean positioned() {
        return offset > 0;
    }

    /** About how much it takes on the wire: its JSON parts, without names and numbers. */
    public long bytes() {
        RawJson info = draft.info();
        return draft.data().length() + (info == null ? 0L : info.length());
    }
}
