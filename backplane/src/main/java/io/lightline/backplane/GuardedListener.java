package io.lightline.backplane;

import org.jboss.logging.Logger;

/** Keeps a fault of the listener away from the delivery thread: it is logged, and what comes next is delivered. */
record GuardedListener(BackplaneListener listener) implements BackplaneListener {

    private static final Logger LOG = Logger.getLogger(GuardedListener.class);

    @Override
    public void onPublication(ChannelName channel, String epoch, Publication publication) {
        guard(() -> listener.onPublication(channel, epoch, publication));
    }

    @Override
    public void onPresence(ChannelName channel, PresenceEvent event) {
        guard(() -> listener.onPresence(channel, event));
    }

    @Override
    public void onControl(RawJson message) {
        guard(() -> listener.onControl(message));
    }

    @Override
    public void onInterrupted() {
        guard(listener::onInterrupted);
    }

    @Override
    public void onRestored() {
        guard(listener::onRestored);
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException fault) {
            LOG.error("The backplane listener failed", fault);
        }
    }
}
