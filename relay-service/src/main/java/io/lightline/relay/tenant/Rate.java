package io.lightline.relay.tenant;

/**
 * How often something may happen.
 *
 * @param perSecond in the long run
 * @param burst at once, after a pause
 */
public record Rate(int perSecond, int burst) {

    public Rate {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "A rate and its burst are 1 at least: rate " + perSecond + ", burst " + burst);
        }
    }
}
