package io.lightline.relay.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Counts clients that break the WebSocket protocol, by the code that they are closed with: 1002 broken frames, 1007 no UTF-8,
 * 1009 too big. Worth an alert: a rise of 1009 (an application outgrew the limit); the others are programming errors or attacks.
 */
@Singleton
final class Violations {

    private final MeterRegistry registry;

    Violations(MeterRegistry registry) {
        this.registry = registry;
        List.of(
                        WebSocketCloseStatus.PROTOCOL_ERROR,
                        WebSocketCloseStatus.INVALID_PAYLOAD_DATA,
                        WebSocketCloseStatus.MESSAGE_TOO_BIG)
                .forEach(this::counter);
    }

    void count(WebSocketCloseStatus status) {
        counter(status).increment();
    }

    private Counter counter(WebSocketCloseStatus status) {
        return registry.counter("lightline.websocket.violations", "code", "" + status.code());
    }
}
