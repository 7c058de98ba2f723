package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.ReplayId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce does not know the checkpoint any more, and an operator wants to decide what then. Looks now and then whether the
 * store has another one, and goes on from that. The other way out is a new stream with another {@link LostPosition}.
 */
final class Halted extends State {

    private final Alarm alarm;

    Halted(SalesforceStream stream) {
        super(stream);
        this.alarm = new Alarm(stream.thread(), this::look);
    }

    @Override
    String describe() {
        return "halted: Salesforce does not know the checkpoint any more; move the checkpoint, or start again with another"
                + " on-lost-position";
    }

    @Override
    boolean halted() {
        return true;
    }

    @Override
    void enter() {
        alarm.set(stream.settings().pauses().operator());
    }

    @Override
    void leave() {
        alarm.stop();
    }

    private void look() {
        if (current()) {
            whenDone(stream.loadCheckpoint(), this::loaded);
        }
    }

    private void loaded(@Nullable Optional<ReplayId> checkpoint, @Nullable Throwable failure) {
        boolean moved = failure == null
                && checkpoint != null
                && checkpoint.isPresent()
                && !stream.startingPoint().isLost(checkpoint.get());
        if (moved) {
            stream.asksStoreAgain();
            stream.become(new Resuming(stream));
        } else {
            enter();
        }
    }
}
