package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneListener;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.ServerFrame;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;

/** Hubs that work, without a container. */
public final class Hubs {

    private Hubs() {}

    public static Hub started(Backplane backplane, MeterRegistry registry) {
        return started(backplane, registry, Map.of());
    }

    static Hub started(Backplane backplane, MeterRegistry registry, Map<String, String> config) {
        return started(backplane, registry, OpenTelemetry.noop(), config);
    }

    static Hub started(
            Backplane backplane, MeterRegistry registry, OpenTelemetry telemetry, Map<String, String> config) {
        var hub = new Hub(
                backplane,
                renderer(),
                new FanoutMetrics(registry),
                new FanoutTraces(telemetry),
                TestConfig.of(HubConfig.class, config));
        backplane.listen(new Listener(hub));
        hub.start();
        return hub;
    }

    static Renderer renderer() {
        return new Pushes();
    }

    private record Pushes() implements Renderer {

        @Override
        public ServerFrame render(ChannelName channel, Publication publication, Encoding encoding) {
            return encoding.codec().encode(new Push.Published(channel.name(), publication));
        }

        @Override
        public ServerFrame render(ChannelName channel, PresenceEvent event, Encoding encoding) {
            return encoding.codec()
                    .encode(
                            switch (event) {
                                case PresenceEvent.Joined(var member) -> new Push.Joined(channel.name(), member.info());
                                case PresenceEvent.Left(var member) -> new Push.Left(channel.name(), member.info());
                            });
        }
    }

    private record Listener(Hub hub) implements BackplaneListener {

        @Override
        public void onPublication(ChannelName channel, String epoch, Publication publication) {
            hub.onPublication(channel, epoch, publication);
        }

        @Override
        public void onPresence(ChannelName channel, PresenceEvent event) {
            hub.onPresence(channel, event);
        }

        @Override
        public void onControl(RawJson message) {}

        @Override
        public void onInterrupted() {}

        @Override
        public void onRestored() {
            hub.restored();
        }
    }
}
