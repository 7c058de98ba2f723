package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Socket.IO with its Redis adapter (bench/peers/socket-io.js): one Node process, one room a channel, the stack's Redis. */
final class SocketIoServer implements Server {

    private static final int PORT = 7301;
    private static final byte ENGINE_PING = '2';
    private static final String PONG = "3";

    private final Peer peer;
    private final List<ServerProcess> processes;

    private SocketIoServer(Peer peer, int redis) {
        this.peer = peer;
        processes = List.of(ServerProcess.listeningOn(PORT), ServerProcess.listeningOn(redis));
    }

    static SocketIoServer start(Path peers, Path output, int redis) {
        var environment = Map.of("PORT", "" + PORT, "REDIS", "redis://127.0.0.1:" + redis);
        return new SocketIoServer(
                Peer.start(
                        output,
                        PORT,
                        environment,
                        "node",
                        peers.resolve("socket-io.js").toString()),
                redis);
    }

    @Override
    public String name() {
        return "socket.io";
    }

    @Override
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public URI webSocket(String channel) {
        return URI.create("ws://127.0.0.1:" + PORT + "/socket.io/?EIO=4&transport=websocket");
    }

    /** Connects to the main namespace, which the server takes as joining the room. */
    @Override
    public Optional<String> subscribe(String channel) {
        return Optional.of("40{\"room\":\"" + channel + "\"}");
    }

    @Override
    public boolean greets(String text) {
        return text.startsWith("40");
    }

    @Override
    public boolean confirms(String text) {
        return text.startsWith("42[\"joined\"");
    }

    @Override
    public Optional<String> answer(ByteBuf frame) {
        boolean ping = frame.readableBytes() == 1 && frame.getByte(frame.readerIndex()) == ENGINE_PING;
        return ping ? Optional.of(PONG) : Optional.empty();
    }

    @Override
    public Sender sender(EventLoopGroup loops) {
        return new SocketSender(
                loops, this, "40", (channel, json) -> "42[\"publish\",\"" + channel + "\"," + json + "]");
    }

    @Override
    public void close() {
        peer.close();
    }
}
