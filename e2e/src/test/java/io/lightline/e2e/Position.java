package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/** Where something is in a channel's stream, as the client protocol says it. */
record Position(String epoch, long offset) {

    /** Of an object with {@code epoch} and {@code offset}, each left out when empty. */
    static Position of(JsonNode object) {
        return new Position(object.path("epoch").asText(), object.path("offset").asLong());
    }

    Position at(long newOffset) {
        return new Position(epoch, newOffset);
    }
}
