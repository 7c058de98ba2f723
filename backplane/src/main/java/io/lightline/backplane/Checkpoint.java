package io.lightline.backplane;

import java.util.Optional;

/**
 * How far a source has been copied into a channel, and by whom. The value is the source's own (Salesforce: the replay id as
 * base64) and is only compared for equality.
 *
 * @param expected the checkpoint that must be in force; empty when there must be none
 * @param next the checkpoint that takes its place; empty when it stays
 * @param fence of the {@linkplain LeaseAnswer lease} under which the source is read: whoever has a lower one than is in force
 *     is refused; 0 when there are no leases
 */
public record Checkpoint(Optional<String> expected, Optional<String> next, long fence) {

    public Checkpoint {
        if (fence < 0) {
            throw new IllegalArgumentException("A fence is not negative: " + fence);
        }
    }

    /** Publishes and moves the checkpoint. */
    public static Checkpoint move(Optional<String> expected, String next, long fence) {
        return new Checkpoint(expected, Optional.of(next), fence);
    }

    /** Publishes, and leaves the checkpoint where it is. */
    public static Checkpoint stay(Optional<String> expected, long fence) {
        return new Checkpoint(expected, Optional.empty(), fence);
    }

    /** The checkpoint that is in force afterwards. */
    Optional<String> reached() {
        return next.or(() -> expected);
    }

    /** Whether another one expects what this one leaves behind, under the same lease. */
    boolean leadsTo(Checkpoint other) {
        return other.fence == fence && other.expected.equals(reached());
    }

    /** Both in one step. */
    Checkpoint then(Checkpoint other) {
        return new Checkpoint(expected, other.next.or(() -> next), fence);
    }
}
