package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.ReplayId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out where to go on, once what is with the subscriber is answered. */
final class Resuming extends State {

    Resuming(SalesforceStream stream) {
        super(stream);
    }

    @Override
    String describe() {
        return "waiting for the checkpoint";
    }

    @Override
    void enter() {
        answered();
    }

    @Override
    void answered() {
        InFlight inFlight = stream.inFlight();
        if (inFlight.unanswered() > 0) {
            return;
        }
        if (stream.asksStore()) {
            whenDone(stream.loadCheckpoint(), this::loaded);
        } else {
            resume(inFlight.checkpoint(), inFlight.inForce());
        }
    }

    private void loaded(@Nullable Optional<ReplayId> checkpoint, @Nullable Throwable failure) {
        if (checkpoint == null || failure != null) {
            stream.statistics().ended("store");
            backOff(stream.failures().next(), "checkpoint not loaded: " + failure);
        } else if (checkpoint.isEmpty() && stream.beginsAtLatest()) {
            whenDone(stream.begin(), this::begun);
        } else {
            resumeFrom(checkpoint);
        }
    }

    private void begun(@Nullable Boolean before, @Nullable Throwable failure) {
        if (before == null || failure != null) {
            stream.statistics().ended("store");
            backOff(stream.failures().next(), "begin not stored: " + failure);
        } else {
            stream.hasBegun(before);
            resumeFrom(Optional.empty());
        }
    }

    private void resumeFrom(Optional<ReplayId> stored) {
        stream.believesStore();
        // A store that has lost its checkpoint is written to as an empty one, from where we are.
        resume(stored.orElse(stream.position()), stored.orElse(null));
    }

    private void resume(@Nullable ReplayId checkpoint, @Nullable ReplayId inForce) {
        stream.inFlight().restartAt(checkpoint, inForce);
        stream.goesOnFrom(checkpoint);
        stream.become(
                stream.startingPoint().isLost(checkpoint) && stream.settings().onLostPosition() == LostPosition.HALT
                        ? new Halted(stream)
                        : new LoggingIn(stream));
    }
}
