package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nats-server with its WebSocket listener: one process, one subject a channel, no persistence. */
final class NatsServer implements Server {

    private static final int PORT = 7302;
    private static final int CLIENT_PORT = 7303;
    private static final String HELLO = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";

    private final Peer peer;
    private final List<ServerProcess> processes;

    private NatsServer(Peer peer) {
        this.peer = peer;
        processes = List.of(ServerProcess.listeningOn(PORT));
    }

    static NatsServer start(Path output) {
        Path config = output.resolve("nats.conf");
        try {
            Files.writeString(config, """
                    listen: "127.0.0.1:%d"
                    websocket { listen: "127.0.0.1:%d", no_tls: true }
                    """.formatted(CLIENT_PORT, PORT));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + config, e);
        }
        return new NatsServer(Peer.start(output, PORT, Map.of(), "nats-server", "-c", config.toString()));
    }

    @Override
    public String name() {
        return "nats";
    }

    @Override
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public URI webSocket(String channel) {
        return URI.create("ws://127.0.0.1:" + PORT + "/");
    }

    @Override
    public boolean binary() {
        return true;
    }

    /** The answer to the PING says that the subscription before it is in force. */
    @Override
    public Optional<String> subscribe(String channel) {
        return Optional.of(HELLO + "SUB " + subject(channel) + " 1\r\nPING\r\n");
    }

    @Override
    public boolean greets(String text) {
        return text.contains("PONG");
    }

    @Override
    public boolean confirms(String text) {
        return text.contains("PONG");
    }

    @Override
    public Optional<String> answer(ByteBuf frame) {
        return frame.toString(StandardCharsets.US_ASCII).startsWith("PING")
                ? Optional.of("PONG\r\n")
                : Optional.empty();
    }

    @Override
    public Sender sender(EventLoopGroup loops) {
        return new SocketSender(
                loops,
                this,
                HELLO + "PING\r\n",
                (channel, json) -> "PUB " + subject(channel) + " " + json.length() + "\r\n" + json + "\r\n");
    }

    private static String subject(String channel) {
        return channel.replace(':', '.');
    }

    @Override
    public void close() {
        peer.close();
    }
}
