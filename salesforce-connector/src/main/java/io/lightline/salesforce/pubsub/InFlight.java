package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.ReplayId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was handed on and not yet answered, in its order, and the two places that follow from the answers: the
 * <i>checkpoint</i>, the last event before which all are acknowledged and after which the next call starts, and the one that
 * the store has <i>in force</i>. They differ only when the store has lost what it knew. Acknowledgements may come in any
 * order. Not thread-safe.
 */
final class InFlight {

    private final Deque<Entry> entries = new ArrayDeque<>();
    private @Nullable ReplayId checkpoint;
    private @Nullable ReplayId inForce;
    private @Nullable ReplayId last;
    private int unanswered;

    /** The last event up to which everything is acknowledged; null when there never was one. */
    @Nullable
    ReplayId checkpoint() {
        return checkpoint;
    }

    /** What the store has when everything so far that was acknowledged has moved it. */
    @Nullable
    ReplayId inForce() {
        return inForce;
    }

    /** What the store will have in force when everything so far is acknowledged. */
    @Nullable
    ReplayId last() {
        return last;
    }

    int unanswered() {
        return unanswered;
    }

    /** An item that moves the checkpoint. */
    Entry add(ReplayId replayId) {
        last = replayId;
        return append(replayId);
    }

    /** An item that leaves the checkpoint where it is. */
    Entry addUnplaced() {
        return append(null);
    }

    private Entry append(@Nullable ReplayId replayId) {
        var entry = new Entry(replayId);
        entries.add(entry);
        unanswered++;
        return entry;
    }

    /** False for a second answer to the same item, which is ignored. */
    boolean answer(Entry entry, Answer answer) {
        if (entry.answer != Answer.NONE) {
            return false;
        }
        entry.answer = answer;
        unanswered--;
        while (!entries.isEmpty() && entries.peek().answer == Answer.ACKNOWLEDGED) {
            ReplayId acknowledged = entries.remove().replayId;
            if (acknowledged != null) {
                checkpoint = acknowledged;
                inForce = acknowledged;
            }
        }
        return true;
    }

    /** Forgets what was handed on; to be called when all of it is answered. */
    void restartAt(@Nullable ReplayId newCheckpoint, @Nullable ReplayId newInForce) {
        entries.clear();
        unanswered = 0;
        checkpoint = newCheckpoint;
        inForce = newInForce;
        last = newInForce;
    }

    enum Answer {
        NONE,
        ACKNOWLEDGED,
        REFUSED
    }

    /** One item that was handed on. */
    static final class Entry {

        private final @Nullable ReplayId replayId;
        private Answer answer = Answer.NONE;

        private Entry(@Nullable ReplayId replayId) {
            this.replayId = replayId;
        }
    }
}
