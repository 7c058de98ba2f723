package io.lightline.relay.hub;

/** What a channel keeps, and so what following it means. */
public enum Following {
    /** Nothing is kept: who listens gets what comes. */
    LIVE,
    /** A history is kept: who listens gets every publication, in order, also those that it missed. */
    STREAM,
    /** Only the latest publication counts: who listens gets that one at once, and then what comes. */
    LATEST
}
