package io.lightline.relay.tenant;

/** Whom a namespace allows something, before tokens add to it. */
public enum Access {
    NOBODY,
    /** Who is subscribed to the channel now, or may subscribe without being asked for more. */
    SUBSCRIBERS,
    /** Whose token has a {@code sub}. */
    AUTHENTICATED,
    ANYBODY
}
