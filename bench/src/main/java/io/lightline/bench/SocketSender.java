package io.lightline.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;

/** Publishes over a WebSocket of a {@link Server}. */
final class SocketSender implements Sender {

    private static final int HANDSHAKE_BYTES = 8192;
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
        URI address = server.webSocket("");
        socket = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        var config = WebSocketClientProtocolConfig.newBuilder()
                                .webSocketUri(address)
                                .build();
                        fresh.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(HANDSHAKE_BYTES),
                                        new WebSocketClientProtocolHandler(config),
                                        new Listening(greeting));
                    }
                })
                .connect(address.getHost(), address.getPort())
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
