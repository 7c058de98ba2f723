package io.lightline.relay.admission;

/** What becomes of a client that wants to open a socket. */
public sealed interface Verdict {

    /** It may. The slot is its caller's, to be released when the socket is gone. */
    record Admitted(Slot slot) implements Verdict {}

    /** It may not, or not now. */
    record Refused(Reason reason) implements Verdict {}

    /** Why not; each has a counter of its name. */
    enum Reason {
        /** The pod is about to end. */
        DRAINING,
        /** The pod has as many connections as it may have. */
        CONNECTIONS,
        /** The client's address has as many as it may have. */
        ADDRESS,
        /** Too many came in too short a time. */
        RATE,
        /** It is a page of somebody whom no tenant knows. */
        ORIGIN
    }
}
