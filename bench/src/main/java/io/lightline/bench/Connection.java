package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A WebSocket to a relay. It answers the relay's pings as the client protocol wants it; all else is up to its owner. Its
 * callback runs on the connection's event loop.
 */
final class Connection extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final int ABNORMAL_CLOSURE = 1006;
    private static final int PING_LENGTH = 2;

    private static final int TRIES = 240;
    private static final Executor LATER = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private final Consumer<ByteBuf> onText;
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final Channel channel;
    private int closeCode = ABNORMAL_CLOSURE;

    private Connection(EventLoopGroup loops, URI relay, WebSocketClient.Options options, Consumer<ByteBuf> onText) {
        this.onText = onText;
        var connecting = WebSocketClient.open(loops, relay, options, this);
        this.channel = connecting.channel();
        connecting.addListener(outcome -> {
            if (!outcome.isSuccess()) {
                end(outcome.cause());
            }
        });
    }

    /**
     * Opens one.
     *
     * @param onText sees each text frame; the buffer is borrowed
     * @return completes when the relay has agreed to the WebSocket, or with why it has not
     */
    static CompletableFuture<Connection> open(
            EventLoopGroup loops, URI relay, WebSocketClient.Options options, Consumer<ByteBuf> onText) {
        return new Connection(loops, relay, options, onText).opened;
    }

    /**
     * As {@link #open}, but tries again as long as the relay does not let it in, which it does when too many come: each half
     * second, for two minutes.
     */
    static CompletableFuture<Connection> openPatiently(
            EventLoopGroup loops,
            URI relay,
            WebSocketClient.Options options,
            Consumer<ByteBuf> onText,
            Runnable onRefusal) {
        return open(() -> open(loops, relay, options, onText), onRefusal, TRIES);
    }

    private static CompletableFuture<Connection> open(
            Supplier<CompletableFuture<Connection>> attempt, Runnable onRefusal, int tries) {
        return attempt.get().exceptionallyCompose(failure -> {
            onRefusal.run();
            return tries == 1
                    ? CompletableFuture.failedFuture(failure)
                    : CompletableFuture.supplyAsync(() -> tries - 1, LATER)
                            .thenCompose(left -> open(attempt, onRefusal, left));
        });
    }

    void send(String text) {
        var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
    }

    /** The socket itself, for bytes as they are: the frame encoder lets them through. */
    Channel channel() {
        return channel;
    }

    /** Stops or goes on to read. */
    void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Completes at the end of the socket with the code of the relay's Close; 1006 when there was none. */
    CompletableFuture<Integer> closed() {
        return closed;
    }

    void close() {
        var _ = channel.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> text(text);
            case CloseWebSocketFrame close -> {
                closeCode = close.statusCode();
                var _ = context.close();
            }
            case WebSocketFrame _ -> {}
        }
    }

    private void text(TextWebSocketFrame text) {
        if (text.content().readableBytes() == PING_LENGTH) {
            send("{}");
        } else {
            onText.accept(text.content());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            opened.complete(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(new IllegalStateException("Closed during the handshake"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(cause);
        var _ = context.close();
    }

    private void end(Throwable cause) {
        opened.completeExceptionally(cause);
        closed.complete(closeCode);
    }
}
