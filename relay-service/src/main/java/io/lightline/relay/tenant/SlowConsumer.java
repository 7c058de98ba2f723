package io.lightline.relay.tenant;

/** What becomes of a client that reads a channel's publications more slowly than they come. */
public enum SlowConsumer {
    /** It is closed (3008), comes back and recovers. */
    CLOSE,
    /** It gets the latest publication when it can take one again, and none of those between. */
    LATEST
}
