package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/** What a client hears on one channel. */
sealed interface Heard {

    /**
     * A publication, pushed live or handed over by a recovery.
     *
     * @param nanoTime when it arrived, by {@link System#nanoTime}
     */
    record Publication(Position position, JsonNode data, long nanoTime) implements Heard {}

    /** The answer to a subscribe command that asked for recovery; the publications that it brought follow. */
    record Resumed(boolean recovered, Position top) implements Heard {}
}
