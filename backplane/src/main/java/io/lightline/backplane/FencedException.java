package io.lightline.backplane;

/**
 * Somebody with a younger lease has taken the channel's source over: nothing was read, published or moved, and never will be
 * under the fence of the caller. Stop reading the source.
 */
public final class FencedException extends RuntimeException {

    private final long inForce;

    public FencedException(ChannelName channel, long fence, long inForce) {
        super("Channel " + channel + " is under fence " + inForce + ", not under " + fence + ": nothing published");
        this.inForce = inForce;
    }

    public long inForce() {
        return inForce;
    }
}
