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
        } else {
            stream.believesStore();
            // A store that has lost its checkpoint is written to as an empty one, from where we are.
            resume(checkpoint.orElse(stream.inFlight().checkpoint()), checkpoint.orElse(null));
        }
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
