package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.ReplayId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The events that were handed on and not yet answered, in their order, and the checkpoint: the last event before which all
 * are acknowledged. Acknowledgements may come in any order. Not thread-safe.
 */
final class InFlight {

    private final Deque<Entry> entries = new ArrayDeque<>();
    private @Nullable ReplayId checkpoint;
    private @Nullable ReplayId last;
    private int unanswered;

    /** The last event up to which everything is acknowledged; null when there never was one. */
    @Nullable
    ReplayId checkpoint() {
        return checkpoint;
    }

    /** The checkpoint that will be in force when everything so far is acknowledged. */
    @Nullable
    ReplayId last() {
        return last;
    }

    int unanswered() {
        return unanswered;
    }

    Entry add(ReplayId replayId) {
        var entry = new Entry(replayId);
        entries.add(entry);
        last = replayId;
        unanswered++;
        return entry;
    }

    /** False for a second answer to the same event, which is ignored. */
    boolean answer(Entry entry, Answer answer) {
        if (entry.answer != Answer.NONE) {
            return false;
        }
        entry.answer = answer;
        unanswered--;
        while (!entries.isEmpty() && entries.peek().answer == Answer.ACKNOWLEDGED) {
            checkpoint = entries.remove().replayId;
        }
        return true;
    }

    /** Forgets what was handed on; to be called when all of it is answered. */
    void restartAt(@Nullable ReplayId newCheckpoint) {
        entries.clear();
        unanswered = 0;
        checkpoint = newCheckpoint;
        last = newCheckpoint;
    }

    enum Answer {
        NONE,
        ACKNOWLEDGED,
        REFUSED
    }

    /** One event that was handed on. */
    static final class Entry {

        private final ReplayId replayId;
        private Answer answer = Answer.NONE;

        private Entry(ReplayId replayId) {
            this.replayId = replayId;
        }
    }
}
