package io.lightline.relay.hub;

import io.lightline.backplane.Publication;

/** The joins of one channel that wait until something has been read for them. Delivery thread only. */
sealed interface Replays permits Recoveries, LatestValues {

    /** Admits it when the reading has come, or refuses it. */
    void add(Membership membership);

    void remove(Membership membership);

    boolean isEmpty();

    /** A publication was broadcast that may lie behind the end of what is being read. */
    void broadcast(Publication publication);
}
