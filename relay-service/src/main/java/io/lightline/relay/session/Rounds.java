package io.lightline.relay.session;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Goes round a collection that changes, a part of it at each beat, so that no beat takes long: everybody is visited once a
 * round. A round takes a fixed number of beats, or up to twice as many when the collection changes much. For one thread.
 */
final class Rounds<T> {

    private final Collection<T> everybody;
    private final int beats;
    private final Consumer<T> visit;
    private Iterator<T> rest = Collections.emptyIterator();
    private int left;

    /**
     * @param everybody whose iterator bears changes
     * @param beats of one round
     */
    Rounds(Collection<T> everybody, int beats, Consumer<T> visit) {
        this.everybody = everybody;
        this.beats = beats;
        this.visit = visit;
    }

    void beat() {
        if (left <= 0 && !rest.hasNext()) {
            rest = everybody.iterator();
            left = beats;
        }
        left--;
        int part = everybody.size() / beats + 1;
        for (int i = 0; i < part && rest.hasNext(); i++) {
            visit.accept(rest.next());
        }
    }
}
