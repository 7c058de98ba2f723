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
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Publishes by HTTP requests, pipelined on one connection. A refusal is printed, as what follows is worth nothing. */
final class HttpSender implements Sender {

    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int REFUSED = 300;

    private final Channel socket;
    private final URI base;
    private final Map<String, String> headers;
    private final UnaryOperator<String> path;
    private final BinaryOperator<String> body;

    /**
     * Connects; blocks.
     *
     * @param headers of every request
     * @param path of a request, from its channel
     * @param body of a request, from its channel and the message
     */
    HttpSender(
            EventLoopGroup loops,
            URI base,
            Map<String, String> headers,
            UnaryOperator<String> path,
            BinaryOperator<String> body) {
        this.base = base;
        this.headers = headers;
        this.path = path;
        this.body = body;
        socket = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.pipeline()
                                .addLast(
                                        new HttpClientCodec(), new HttpObjectAggregator(LARGEST_ANSWER), new Answers());
                    }
                })
                .connect(base.getHost(), base.getPort())
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public void publish(String channel, String json) {
        var content = Unpooled.copiedBuffer(body.apply(channel, json), StandardCharsets.UTF_8);
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path.apply(channel), content);
        headers.forEach((name, value) -> request.headers().set(name, value));
        request.headers()
                .set(HttpHeaderNames.HOST, base.getAuthority())
                .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        var _ = socket.writeAndFlush(request);
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }

    private static final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            String text = answer.content().toString(StandardCharsets.UTF_8);
            if (answer.status().code() >= REFUSED || text.contains("\"error\"")) {
                System.err.println("Refused: " + answer.status() + " " + text);
            }
        }
    }
}
