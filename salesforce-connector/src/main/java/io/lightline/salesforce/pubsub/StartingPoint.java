package io.lightline.salesforce.pubsub;

import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.event.ReplayId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a call has to start, and whether events may be missing before it. They may be when Salesforce does not know the
 * checkpoint any more, and when a call for the latest events was live and ended without telling where it was. Not thread-safe.
 */
final class StartingPoint {

    private final InitialReplay initial;
    private final LostPosition onLost;
    private @Nullable ReplayId lost;
    private boolean adrift;
    private @Nullable Missing missing;

    StartingPoint(StreamSettings settings) {
        this.initial = settings.initialReplay();
        this.onLost = settings.onLostPosition();
    }

    /** {@code CUSTOM} means after the checkpoint. */
    ReplayPreset preset(@Nullable ReplayId checkpoint) {
        if (checkpoint == null) {
            return switch (initial) {
                case LATEST -> ReplayPreset.LATEST;
                case EARLIEST -> ReplayPreset.EARLIEST;
            };
        }
        if (!checkpoint.equals(lost)) {
            return ReplayPreset.CUSTOM;
        }
        return switch (onLost) {
            case LATEST -> ReplayPreset.LATEST;
            case EARLIEST -> ReplayPreset.EARLIEST;
            case HALT -> throw new IllegalStateException("A halted stream starts no call");
        };
    }

    /** Salesforce does not know it any more. */
    void lost(ReplayId checkpoint, Instant now) {
        lost = checkpoint;
        if (onLost != LostPosition.HALT) {
            missing = new Missing("Salesforce does not know the checkpoint any more", now);
        }
    }

    boolean isLost(@Nullable ReplayId checkpoint) {
        return checkpoint != null && checkpoint.equals(lost);
    }

    /** A call for the latest events has ended; whether it has left a checkpoint shows when the stream goes on. */
    void drifted() {
        adrift = true;
    }

    /**
     * The stream goes on from here.
     *
     * @return whether a gap was found that was not known before
     */
    boolean goOnFrom(@Nullable ReplayId checkpoint, Instant now) {
        boolean nowhere = checkpoint == null || isLost(checkpoint);
        boolean found = nowhere && adrift && missing == null;
        if (found) {
            missing = new Missing("a subscription to the latest events ended before any checkpoint", now);
        }
        if (!nowhere) {
            lost = null;
            missing = null;
        }
        adrift = false;
        return found;
    }

    /** What the consumer has to hear before any other event; null when nothing is missing. */
    @Nullable
    Missing missing() {
        return missing;
    }

    /** The consumer has taken note of it. */
    void told() {
        missing = null;
    }

    /** Why events may be missing, and when that was found. */
    record Missing(String reason, Instant detected) {}
}
