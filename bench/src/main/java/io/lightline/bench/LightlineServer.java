package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The relays of a stack that runs already. It is published by the server API, on the pod that serves the subscribers or on another one;
 * every message goes through Redis and its history either way.
 */
final class LightlineServer implements Server {

    private static final String PING = "{}";

    private final String name;
    private final Pod serving;
    private final Pod publishing;
    private final List<ServerProcess> processes;

    private LightlineServer(String name, Pod serving, Pod publishing, int redis) {
        this.name = name;
        this.serving = serving;
        this.publishing = publishing;
        processes = List.of(serving.address().getPort(), publishing.address().getPort(), redis).stream()
                .distinct()
                .map(ServerProcess::listeningOn)
                .toList();
    }

    /** One pod does everything. */
    static LightlineServer onePod(Settings settings) {
        return on(settings.pod(), settings.redis());
    }

    /** A pod alone. */
    static LightlineServer on(Pod pod, int redis) {
        return new LightlineServer("lightline", pod, pod, redis);
    }

    /** One pod serves, another one is published on. */
    static LightlineServer acrossPods(Settings settings) {
        return new LightlineServer("lightline, two pods", settings.pod(), settings.other(), settings.redis());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public URI webSocket(String channel) {
        return serving.webSocket();
    }

    @Override
    public Optional<String> subscribe(String channel) {
        return Optional.of("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
    }

    @Override
    public boolean confirms(String text) {
        return text.contains("\"id\":2") && text.contains("\"subscribe\":");
    }

    @Override
    public Optional<String> answer(ByteBuf frame) {
        return frame.toString(StandardCharsets.UTF_8).equals(PING) ? Optional.of(PING) : Optional.empty();
    }

    @Override
    public Sender sender(EventLoopGroup loops) {
        return new HttpSender(
                loops,
                publishing.address(),
                Map.of("X-API-Key", "demo", "Content-Type", "application/json"),
                _ -> "/api/publish",
                (channel, json) -> "{\"channel\":\"" + channel + "\",\"data\":" + json + "}");
    }

    @Override
    public void close() {
        // Whoever has started the stack ends it.
    }
}
