package io.lightline.backplane;

/** What comes of a question that somebody took. */
sealed interface Reply {

    record Given(RawJson answer) implements Reply {}

    /** @param reason for people, without secrets */
    record Failed(String reason) implements Reply {}
}
