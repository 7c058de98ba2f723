package io.lightline.relay.endpoint;

import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/** Says what it hears: behind the same upgrade and the same handlers as the relay's own endpoint, where Autobahn wants it. */
@WebSocket(path = "/")
final class EchoEndpoint {

    @OnTextMessage
    @NonBlocking
    String text(String message) {
        return message;
    }

    @OnBinaryMessage
    @NonBlocking
    Buffer binary(Buffer message) {
        return message;
    }
}
