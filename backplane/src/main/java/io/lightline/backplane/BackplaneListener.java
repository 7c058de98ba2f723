package io.lightline.backplane;

/** What a pod hears from the backplane. Called on the {@linkplain Backplane#deliveryThread() delivery thread}; must not block. */
public interface BackplaneListener {

    /**
     * A publication on a channel that this pod subscribed to.
     *
     * @param epoch of the stream that gave the publication its offset; empty for one without a position
     */
    void onPublication(ChannelName channel, String epoch, Publication publication);

    /** Publications may be missed from now on. Always followed by {@link #onRestored()}, unless the backplane is closed. */
    void onInterrupted();

    /** Every subscription is in force again and commands are answered: compare positions, something may have been missed. */
    void onRestored();
}
