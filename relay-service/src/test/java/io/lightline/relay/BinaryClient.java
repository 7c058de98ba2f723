package io.lightline.relay;

import static io.lightline.relay.protocol.Handwritten.child;
import static io.lightline.relay.protocol.Handwritten.frame;
import static io.lightline.relay.protocol.Handwritten.message;
import static io.lightline.relay.protocol.Handwritten.messages;
import static io.lightline.relay.protocol.Handwritten.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UnknownFieldSet;
import io.quarkus.websockets.next.BasicWebSocketConnector;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketClientConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that speaks the protocol's protobuf encoding by hand, without our schema. */
final class BinaryClient {

    private static final int ID = 1;
    private static final int PUSH = 4;
    private static final int CONNECT = 4;

    private final List<UnknownFieldSet> replies = new CopyOnWriteArrayList<>();
    private final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final WebSocketClientConnection connection;

    private BinaryClient(URI server) {
        connection = BasicWebSocketConnector.create()
                .baseUri(server)
                .path("/connection/websocket")
                .addSubprotocol("centrifuge-protobuf")
                .onBinaryMessage((_, bytes) -> replies.addAll(messages(bytes.getBytes())))
                .onClose((_, reason) -> closes.add(reason))
                .connectAndAwait();
    }

    /** A socket, no more. */
    static BinaryClient open(URI server) {
        return new BinaryClient(server);
    }

    static BinaryClient connect(URI server) {
        var client = open(server);
        client.asks(CONNECT, message());
        return client;
    }

    void says(byte[] frame) {
        connection.sendBinaryAndAwait(frame);
    }

    void saysText(String frame) {
        connection.sendTextAndAwait(frame);
    }

    /** Sends a command and returns its reply. */
    UnknownFieldSet asks(int request, UnknownFieldSet body) {
        int id = ids.incrementAndGet();
        says(frame(message(ID, id, request, body)));
        return reply(id);
    }

    UnknownFieldSet reply(int id) {
        await().untilAsserted(() -> assertThat(replies).anyMatch(reply -> number(reply, ID) == id));
        return replies.stream()
                .filter(reply -> number(reply, ID) == id)
                .findFirst()
                .orElseThrow();
    }

    List<UnknownFieldSet> pushes() {
        return replies.stream()
                .filter(reply -> number(reply, ID) == 0 && reply.hasField(PUSH))
                .map(reply -> child(reply, PUSH))
                .toList();
    }

    void isClosedWith(int code) {
        await().untilAsserted(() -> assertThat(closes)
                .singleElement()
                .satisfies(reason -> assertThat(reason.getCode()).isEqualTo(code)));
    }

    void leaves() {
        connection.closeAndAwait();
    }
}
