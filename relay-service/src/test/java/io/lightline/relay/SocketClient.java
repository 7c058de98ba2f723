package io.lightline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.websockets.next.BasicWebSocketConnector;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketClientConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A client that speaks the protocol by hand. */
final class SocketClient {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final WebSocketClientConnection connection;

    private SocketClient(URI server, UnaryOperator<BasicWebSocketConnector> headers) {
        var connector = BasicWebSocketConnector.create()
                .baseUri(server)
                .path("/connection/websocket")
                .onTextMessage((_, text) -> Stream.of(text.split("\n", -1)).forEach(lines::add))
                .onClose((_, reason) -> closes.add(reason));
        connection = headers.apply(connector).connectAndAwait();
    }

    /** A socket, no more. */
    static SocketClient open(URI server) {
        return new SocketClient(server, UnaryOperator.identity());
    }

    /** A socket of a page. */
    static SocketClient openFrom(String origin, URI server) {
        return new SocketClient(server, connector -> connector.addHeader("Origin", origin));
    }

    static SocketClient connect(URI server) {
        var client = open(server);
        client.asks("connect", "{}");
        return client;
    }

    void says(String frame) {
        connection.sendTextAndAwait(frame);
    }

    void saysBinary(byte[] frame) {
        connection.sendBinaryAndAwait(frame);
    }

    /** Sends a command and returns its reply. */
    String asks(String method, String body) {
        int id = ids.incrementAndGet();
        says("{\"id\":" + id + ",\"" + method + "\":" + body + "}");
        String start = "{\"id\":" + id + ",";
        await().untilAsserted(() -> assertThat(lines).anyMatch(line -> line.startsWith(start)));
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    String subscribes(String channel) {
        return asks("subscribe", "{\"channel\":\"" + channel + "\"}");
    }

    List<String> pushes() {
        return lines.stream().filter(line -> line.startsWith("{\"push\"")).toList();
    }

    /** Whether the relay has asked whether it is still there. It never answers. */
    boolean pinged() {
        return lines.contains("{}");
    }

    List<CloseReason> closes() {
        return closes;
    }

    void leaves() {
        connection.closeAndAwait();
    }
}
