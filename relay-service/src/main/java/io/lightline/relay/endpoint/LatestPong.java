package io.lightline.relay.endpoint;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the answers to pings while the socket takes nothing, and then sends the latest only, as RFC 6455 §5.5.3 allows. A
 * client that sends pings and reads nothing costs one frame.
 */
final class LatestPong extends ChannelDuplexHandler {

    private @Nullable PongWebSocketFrame waiting;

    /** Nothing follows a Close, so what waits then is too late. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof PongWebSocketFrame pong && !context.channel().isWritable()) {
            forget();
            waiting = pong;
            promise.trySuccess();
            return;
        }
        if (message instanceof CloseWebSocketFrame) {
            forget();
        }
        var _ = context.write(message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (waiting != null && context.channel().isWritable()) {
            PongWebSocketFrame pong = waiting;
            waiting = null;
            var _ = context.writeAndFlush(pong, context.voidPromise());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forget();
    }

    private void forget() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }
}
