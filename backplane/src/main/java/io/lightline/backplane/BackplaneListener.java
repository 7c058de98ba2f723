package io.lightline.backplane;

/** What a pod hears from the backplane. Called on the {@linkplain Backplane#deliveryThread() delivery thread}; must not block. */
public interface BackplaneListener {

    /**
     * A publication on a channel that this pod subscribed to.
     *
     * @param epoch of the stream that gave the publication its offset; empty for one without a position
     */
    void onPublication(ChannelName channel, String epoch, Publication publication);

    /** Somebody came to or went from a channel that this pod subscribed to; also one who did so through this pod. */
    void onPresence(ChannelName channel, PresenceEvent event);

    /** Something that a pod, maybe this one, said to all or to this one. */
    void onControl(RawJson message);

    /** Publications, events and control messages may be missed from now on. Always followed by {@link #onRestored()}, unless the backplane is closed. */
    void onInterrupted();

    /** Every subscription is in force again and commands are answered: compare positions, something may have been missed. */
    void onRestored();
}
