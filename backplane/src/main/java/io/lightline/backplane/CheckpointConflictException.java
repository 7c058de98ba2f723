package io.lightline.backplane;

import java.util.Optional;

/**
 * Another checkpoint is in force than the one that the caller built on: somebody else advanced it, or an earlier call did
 * whose answer was lost, or the store has lost its data. Nothing was published. Go on from {@link #current()}.
 */
public final class CheckpointConflictException extends RuntimeException {

    private final transient Optional<String> current;

    public CheckpointConflictException(ChannelName channel, Checkpoint attempted, Optional<String> current) {
        super("Channel " + channel + " is at checkpoint " + current.orElse("none") + ", not at "
                + attempted.expected().orElse("none") + ": nothing published"
                + attempted.next().map(next -> ", " + next + " not reached").orElse(""));
        this.current = current;
    }

    /** The checkpoint in force; empty when there is none. */
    public Optional<String> current() {
        return current;
    }
}
