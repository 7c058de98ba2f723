package io.lightline.relay.endpoint;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Ends a connection whose client breaks RFC 6455. To Vert.x, which stands behind it, the violation looks like a Close of the
 * client with the violation's code: so the close callback runs, and Vert.x answers with one Close of that code, unless it has
 * sent one before. Nothing is read any more.
 *
 * <p>A client that still sends would lose that Close if the socket were closed at once (TCP resets a connection with unread
 * bytes): only the sending half is, and the rest when the client has closed too, or after a short time.
 */
final class ViolationGuard extends ChannelDuplexHandler {

    private static final Logger LOG = Logger.getLogger(ViolationGuard.class);

    /** For a client that does not close its side. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Violations violations;
    private boolean violated;
    private boolean closeSent;

    ViolationGuard(Violations violations) {
        this.violations = violations;
    }

    /** Whether the server has said its Close: no frame follows it (RFC 6455 §5.5.1). On the event loop only. */
    boolean closeSent() {
        return closeSent;
    }

    /** Whether nothing counts any more but the client's Close, if that. On the event loop only. */
    boolean over() {
        return violated || closeSent;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isOver(message)) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** After our Close only the client's counts: the rest is dropped before it costs anything (RFC 6455 §5.5.1, §7.1.1). */
    private boolean isOver(Object message) {
        return violated
                || (closeSent && message instanceof WebSocketFrame && !(message instanceof CloseWebSocketFrame));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (closeSent && message instanceof WebSocketFrame frame) {
            frame.release();
            promise.trySuccess();
            return;
        }
        closeSent |= message instanceof CloseWebSocketFrame;
        var _ = context.write(message, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        switch (failure) {
            case CorruptedWebSocketFrameException corrupted -> violation(context, corrupted.closeStatus(), failure);
            case TooLongFrameException _ -> violation(context, WebSocketCloseStatus.MESSAGE_TOO_BIG, failure);
            case PrematureChannelClosureException _ -> LOG.debug("A client vanished in the middle of a message");
            default -> context.fireExceptionCaught(failure);
        }
    }

    private void violation(ChannelHandlerContext context, WebSocketCloseStatus status, Throwable failure) {
        if (violated) {
            return;
        }
        violated = true;
        violations.count(status);
        String reason = Objects.requireNonNullElse(failure.getMessage(), status.reasonText());
        LOG.debugf("A client broke the WebSocket protocol closeCode=%d reason=%s", status.code(), reason);
        context.pipeline().addFirst(Discard.INSTANCE);
        context.channel().config().setAutoRead(true);
        var _ = context.executor().schedule(() -> cut(context), LINGER.toMillis(), TimeUnit.MILLISECONDS);
        // WebSockets Next handles each message in a task of its own: those that came before are answered first.
        context.executor().execute(() -> end(context, new CloseWebSocketFrame(status, reason)));
    }

    /** Vert.x flushes its answer when a reading is complete. */
    private static void end(ChannelHandlerContext context, CloseWebSocketFrame close) {
        context.fireChannelRead(close);
        context.fireChannelReadComplete();
    }

    private static void cut(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (violated && context.channel().isActive()) {
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(context.channel()));
        } else {
            var _ = context.close(promise);
        }
    }

    /** TLS has no half of a connection: it is closed when the time is over. */
    private static void endOutput(Channel channel) {
        if (channel instanceof DuplexChannel socket && channel.pipeline().get(SslHandler.class) == null) {
            var _ = socket.shutdownOutput();
        }
    }

    /** Takes what the client still sends, before anybody looks at it. */
    @ChannelHandler.Sharable
    private static final class Discard extends ChannelInboundHandlerAdapter {

        private static final Discard INSTANCE = new Discard();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
