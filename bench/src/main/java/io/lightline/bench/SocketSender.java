package io.lightline.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;

/** Publishes over a WebSocket of a {@link Server}. */
final class SocketSender implements Sender {

    private static final int PING_LENGTH = 16;

    private final Server server;
    private final BinaryOperator<String> words;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Channel socket;

    /**
     * Connects, and returns when the server has greeted.
     *
     * @param greeting that is said when the socket is open
     * @param words that publish, from a channel and a message
     */
    SocketSender(EventLoopGroup loops, Server server, String greeting, BinaryOperator<String> words) {
        this.server = server;
        this.words = words;
        socket = WebSocketClient.open(
                        loops, server.webSocket(""), WebSocketClient.Options.DEFAULT, new Listening(greeting))
                .syncUninterruptibly()
                .channel();
        Stage.await(ready);
    }

    @Override
    public void publish(String channel, String json) {
        send(words.apply(channel, json));
    }

    private void send(String text) {
        var bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        WebSocketFrame frame = server.binary() ? new BinaryWebSocketFrame(bytes) : new TextWebSocketFrame(bytes);
        var _ = socket.writeAndFlush(frame);
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }

    private final class Listening extends SimpleChannelInboundHandler<WebSocketFrame> {

        private final String greeting;

        Listening(String greeting) {
            this.greeting = greeting;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                send(greeting);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            String text = frame.content().toString(StandardCharsets.UTF_8);
            if (server.greets(text)) {
                ready.complete(true);
            }
            if (frame.content().readableBytes() <= PING_LENGTH) {
                server.answer(frame.content()).ifPresent(SocketSender.this::send);
            }
        }
    }
}
