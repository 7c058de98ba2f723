package io.lightline.relay.tenant;

/** Whose channels a namespace has. */
public enum Personal {
    /** Nobody's: they are shared. */
    NONE,
    /** Each user's, with the user's id after the prefix; all of the user's connections are on it. */
    USER,
    /** Each connection's, with the client id after the prefix. */
    CLIENT
}
