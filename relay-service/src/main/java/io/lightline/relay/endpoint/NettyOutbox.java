package io.lightline.relay.endpoint;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.session.Outbox;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Writes encoded frames below the WebSocket encoder of one connection's Netty pipeline, so that a frame is encoded once and its
 * bytes are shared by all sockets. WebSockets Next keeps the handshake, inbound frames and the closing handshake.
 */
final class NettyOutbox implements Outbox {

    private static final Logger LOG = Logger.getLogger(NettyOutbox.class);

    /** What Netty adds to the size of each queued message in its count of pending bytes. */
    private static final int OVERHEAD = 96;

    /** For a client that does not read the close frame. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final WebSocketConnection connection;
    private final Channel channel;
    private final ChannelHandlerContext encoder;
    private final ViolationGuard guard;
    private final StrictFrameDecoder decoder;
    private final long maxPending;
    private boolean unflushed;
    private boolean closing;
    private long stuckSince;
    private long pendingBefore;
    private long addedSince;
    /** Of what waits, at most so much is what the client has asked for. */
    private long askedFor;

    NettyOutbox(WebSocketConnection connection, ChannelHandlerContext netty, long maxPending) {
        this.connection = connection;
        this.channel = netty.channel();
        this.encoder = encoder(netty);
        this.guard = handler(netty, ViolationGuard.class);
        this.decoder = handler(netty, StrictFrameDecoder.class);
        this.maxPending = maxPending;
    }

    private static ChannelHandlerContext encoder(ChannelHandlerContext netty) {
        ChannelHandlerContext encoder = netty.pipeline().context(WebSocketFrameEncoder.class);
        if (encoder == null) {
            throw new IllegalStateException("No WebSocketFrameEncoder in the pipeline "
                    + netty.pipeline().names());
        }
        return encoder;
    }

    private static <T extends ChannelHandler> T handler(ChannelHandlerContext netty, Class<T> type) {
        T handler = netty.pipeline().get(type);
        if (handler == null) {
            throw new IllegalStateException("No " + type.getSimpleName() + " in the pipeline "
                    + netty.pipeline().names());
        }
        return handler;
    }

    @Override
    public Delivery answer(ServerFrame frame) {
        Delivery delivery = send(frame);
        if (delivery == Delivery.DELIVERED) {
            askedFor += frame.bytes() + OVERHEAD;
        }
        return delivery;
    }

    @Override
    public Delivery send(ServerFrame frame) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (closing || guard.closeSent() || buffer == null) {
            return Delivery.CLOSED;
        }
        if (channel.isWritable()) {
            askedFor = 0;
        }
        if (buffer.totalPendingWriteBytes() > maxPending + askedFor) {
            return Delivery.SLOW;
        }
        var _ = encoder.write(frame.forOneSocket(), encoder.voidPromise());
        unflushed = true;
        addedSince += frame.bytes() + OVERHEAD;
        return Delivery.DELIVERED;
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            encoder.flush();
        }
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void close(CloseCode code) {
        if (closing) {
            return;
        }
        flush();
        closing = true;
        if (!guard.closeSent()) {
            connection
                    .close(new CloseReason(code.code(), code.reason()))
                    .subscribe()
                    .with(_ -> {}, failure -> LOG.debugf("Already closed sessionId=%s: %s", connection.id(), failure));
        }
        var _ = channel.eventLoop().schedule(this::cut, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cut() {
        var _ = channel.close();
    }

    @Override
    public boolean stalledFor(Duration limit) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long now = System.nanoTime();
        boolean stuck = pending > 0 && pending >= pendingBefore + addedSince;
        if (!stuck || pendingBefore == 0) {
            stuckSince = now;
        }
        pendingBefore = pending;
        addedSince = 0;
        return stuck && now - stuckSince > limit.toNanos();
    }

    @Override
    public void reading(boolean on) {
        decoder.reading(on);
    }
}
