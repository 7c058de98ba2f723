package io.lightline.relay.ops;

import io.lightline.backplane.BackplaneListener;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.control.ControlDesk;
import io.lightline.relay.control.Revocations;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.presence.LocalPresence;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Hands what the backplane says to whom it concerns. Alert on a rise of {@code lightline.backplane.interruptions}. */
@Singleton
final class PodListener implements BackplaneListener {

    private final Hub hub;
    private final LocalPresence presence;
    private final ControlDesk desk;
    private final Revocations revocations;
    private final Counter interruptions;

    PodListener(Hub hub, LocalPresence presence, ControlDesk desk, Revocations revocations, MeterRegistry registry) {
        this.hub = hub;
        this.presence = presence;
        this.desk = desk;
        this.revocations = revocations;
        this.interruptions = registry.counter("lightline.backplane.interruptions");
    }

    @Override
    public void onPublication(ChannelName channel, String epoch, Publication publication) {
        hub.onPublication(channel, epoch, publication);
    }

    @Override
    public void onPresence(ChannelName channel, PresenceEvent event) {
        hub.onPresence(channel, event);
    }

    @Override
    public void onControl(RawJson message) {
        desk.receive(message);
    }

    @Override
    public void onInterrupted() {
        // Everybody keeps what it has; what was missed is found when the backplane is back.
        interruptions.increment();
    }

    @Override
    public void onRestored() {
        hub.restored();
        presence.restored();
        revocations.restored();
    }
}
