package io.lightline.relay.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * Refuses what cannot become a WebSocket, before it is counted as one: 505 for any HTTP but 1.1 (Vert.x has no WebSockets over
 * HTTP/2, RFC 8441, and would leave such a request without an answer), 426 for any protocol version but 13 (RFC 6455 §4.2.2).
 */
@Priority(200)
@Singleton
final class HandshakeCheck implements HttpUpgradeCheck {

    private static final CharSequence VERSION_HEADER = HttpHeaders.createOptimized("sec-websocket-version");
    private static final String VERSION = WebSocketVersion.V13.toHttpHeaderValue();

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        if (request.version() != HttpVersion.HTTP_1_1) {
            return CheckResult.rejectUpgrade(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED.code());
        }
        if (!VERSION.equals(request.getHeader(VERSION_HEADER))) {
            return CheckResult.rejectUpgrade(
                    HttpResponseStatus.UPGRADE_REQUIRED.code(), Map.of("Sec-WebSocket-Version", List.of(VERSION)));
        }
        return CheckResult.permitUpgrade();
    }
}
