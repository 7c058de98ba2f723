package io.lightline.backplane;

import java.time.Duration;

/**
 * How much of a channel is kept for history and recovery.
 *
 * @param size publications at most; 0 keeps none
 * @param time after the last publication of the channel
 */
public record Retention(int size, Duration time) {

    /** Publications go to those who listen now and are forgotten: no offset, no recovery. */
    public static final Retention NONE = new Retention(0, Duration.ZERO);

    public Retention {
        if (size < 0 || time.isNegative() || (size > 0) == time.isZero()) {
            throw new IllegalArgumentException(
                    "History needs both a size and a time, or neither: size " + size + ", time " + time);
        }
    }

    public boolean keeps() {
        return size > 0;
    }
}
