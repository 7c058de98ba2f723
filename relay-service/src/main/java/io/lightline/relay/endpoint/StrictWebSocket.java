package io.lightline.relay.endpoint;

import io.lightline.relay.session.SessionConfig;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * What RFC 6455 demands of a server and Vert.x leaves out: sizes, UTF-8, reserved bits, and one Close with the right code. Vert.x
 * negotiates no extension and has the same limits, so that it never decides before the handlers do that are set up here.
 */
@Singleton
final class StrictWebSocket implements HttpServerOptionsCustomizer {

    /** The payload of a control frame, which has to fit. */
    private static final int MIN_SIZE = 125;

    private final int maxMessageSize;
    private final Violations violations;

    StrictWebSocket(SessionConfig config, Violations violations) {
        long size = config.maxMessageSize().asLongValue();
        if (size < MIN_SIZE || size > Integer.MAX_VALUE) {
            throw new ConfigurationException("lightline.session.max-message-size=" + size + " is not between "
                    + MIN_SIZE + " and " + Integer.MAX_VALUE);
        }
        this.maxMessageSize = (int) size;
        this.violations = violations;
    }

    /** Makes a connection strict as soon as it becomes a WebSocket; to be called before the upgrade is answered. */
    void await(ChannelHandlerContext vertx) {
        vertx.pipeline().addBefore(vertx.name(), null, new ProtocolSwitch(maxMessageSize, violations));
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        limit(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        limit(options);
    }

    @Override
    public void customizeDomainSocketServer(HttpServerOptions options) {
        limit(options);
    }

    private void limit(HttpServerOptions options) {
        options.setMaxWebSocketFrameSize(maxMessageSize)
                .setMaxWebSocketMessageSize(maxMessageSize)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }
}
