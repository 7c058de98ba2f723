package io.lightline.relay.tenant;

/** What a client that comes back wants of what it missed. */
public enum RecoveryMode {
    /** All of it, in order. */
    STREAM,
    /** The latest publication only: the channel carries states, and each replaces the one before. */
    CACHE
}
