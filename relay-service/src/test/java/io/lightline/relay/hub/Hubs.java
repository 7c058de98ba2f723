package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.relay.TestConfig;
import io.lightline.relay.protocol.FrameCodec;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.ServerFrame;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Hubs that work, without a container. */
public final class Hubs {

    private Hubs() {}

    public static Hub started(Backplane backplane, FrameCodec codec, MeterRegistry registry) {
        return started(backplane, codec, registry, Map.of());
    }

    static Hub started(Backplane backplane, FrameCodec codec, MeterRegistry registry, Map<String, String> config) {
        var hub = new Hub(
                backplane,
                (channel, publication) ->
                        ServerFrame.text(codec.encode(new Push.Published(channel.name(), publication))),
                new FanoutMetrics(registry),
                TestConfig.of(HubConfig.class, config));
        hub.start();
        return hub;
    }
}
