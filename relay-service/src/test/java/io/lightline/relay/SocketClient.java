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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A client that speaks the protocol by hand. */
final class SocketClient {

    /** Of the page that it would be on. */
    static final String ORIGIN = "https://app.example";

    private static final Pattern CLIENT = Pattern.compile("\"connect\":\\{\"client\":\"([^\"]+)\"");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final WebSocketClientConnection connection;

    private SocketClient(URI server, String origin) {
        connection = BasicWebSocketConnector.create()
                .baseUri(server)
                .path("/connection/websocket")
                .addHeader("Origin", origin)
                .onTextMessage((_, text) -> Stream.of(text.split("\n", -1)).forEach(lines::add))
                .onClose((_, reason) -> closes.add(reason))
                .connectAndAwait();
    }

    /** A socket, no more. */
    static SocketClient open(URI server) {
        return new SocketClient(server, ORIGIN);
    }

    /** A socket of a page. */
    static SocketClient openFrom(String origin, URI server) {
        return new SocketClient(server, origin);
    }

    static SocketClient connect(URI server) {
        var client = open(server);
        client.asks("connect", "{}");
        return client;
    }

    static SocketClient connect(URI server, String token) {
        var client = open(server);
        client.asks("connect", "{\"token\":\"" + token + "\"}");
        return client;
    }

    /** Its client id. */
    String id() {
        return lines.stream()
                .flatMap(line -> CLIENT.matcher(line).results())
                .findFirst()
                .orElseThrow()
                .group(1);
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
        await().untilAsserted(() -> assertThat(lines).as("closes %s", closes).anyMatch(line -> line.startsWith(start)));
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
