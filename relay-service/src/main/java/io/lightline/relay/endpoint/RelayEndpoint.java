package io.lightline.relay.endpoint;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.session.SessionLoops.SessionLoop;
import io.lightline.relay.session.SessionServices;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The door for clients. Every callback runs on the connection's event loop and returns at once. A client that is gone before its
 * socket opens gets no session; other callbacks may follow all the same.
 */
@WebSocket(path = "/connection/websocket")
public final class RelayEndpoint {

    private static final Logger LOG = Logger.getLogger(RelayEndpoint.class);
    private static final TypedKey<Session> SESSION = new TypedKey<>("lightline.session");

    private final SessionLoops loops;
    private final SessionServices services;

    RelayEndpoint(SessionLoops loops, SessionServices services) {
        this.loops = loops;
        this.services = services;
    }

    @OnOpen
    @NonBlocking
    void open(WebSocketConnection connection) {
        ChannelHandlerContext netty = connection.userData().get(UpgradeCheck.NETTY);
        if (!netty.channel().isActive()) {
            return;
        }
        SessionLoop loop = loops.of(netty.channel().eventLoop());
        var outbox = new NettyOutbox(
                connection, netty, services.config().maxPending().asLongValue());
        var session = new Session(
                connection.id(),
                services,
                Encoding.of(connection.subprotocol()),
                outbox,
                loop.eventLoop(),
                loop.fanout(),
                Optional.ofNullable(connection.handshakeRequest().header("Origin")));
        netty.pipeline().addBefore(netty.name(), "lightline-writability", new Writability(session::writable));
        connection.userData().put(SESSION, session);
        loop.sessions().add(session);
    }

    @OnTextMessage
    @NonBlocking
    void text(String frame, WebSocketConnection connection) {
        session(connection).ifPresent(session -> session.receive(frame));
    }

    @OnBinaryMessage
    @NonBlocking
    void binary(Buffer frame, WebSocketConnection connection) {
        session(connection).ifPresent(session -> session.receive(frame.getBytes()));
    }

    @OnClose
    @NonBlocking
    void close(WebSocketConnection connection) {
        ChannelHandlerContext netty = connection.userData().get(UpgradeCheck.NETTY);
        session(connection).ifPresent(session -> {
            session.closed();
            loops.of(netty.channel().eventLoop()).sessions().remove(session);
        });
    }

    @OnError
    @NonBlocking
    void error(Throwable failure, WebSocketConnection connection) {
        if (failure instanceof IOException || failure instanceof HttpClosedException) {
            // The socket broke: the close callback follows. Netty says so once for every write that was under way.
            LOG.debugf("Socket broken sessionId=%s: %s", connection.id(), failure.getMessage());
        } else {
            LOG.errorf(failure, "A callback failed sessionId=%s", connection.id());
            session(connection).ifPresent(session -> session.close(CloseCode.SERVER_ERROR));
        }
    }

    private static Optional<Session> session(WebSocketConnection connection) {
        return Optional.ofNullable(connection.userData().get(SESSION));
    }
}
