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
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Pipelined requests on one connection: many are under way, the answers come in their order. For any thread. */
final class HttpConnection implements AutoCloseable {

    private static final int LARGEST_ANSWER = 16 << 20;
    private static final int REFUSED = 300;

    private final URI base;
    private final Map<String, String> headers;
    private final Queue<CompletableFuture<String>> waiting = new ArrayDeque<>();
    private final Channel socket;

    /** Connects; blocks. {@code headers} are those of every request. */
    HttpConnection(EventLoopGroup loops, URI base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
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

    /** Completes with the body of the answer, or with what was refused: another status, or an error in the answer. */
    CompletableFuture<String> post(String path, byte[] body) {
        var request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(body));
        headers.forEach((name, value) -> request.headers().set(name, value));
        request.headers()
                .set(HttpHeaderNames.HOST, base.getAuthority())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        var answer = new CompletableFuture<String>();
        socket.eventLoop().execute(() -> {
            waiting.add(answer);
            var _ = socket.writeAndFlush(request);
        });
        return answer;
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            String text = answer.content().toString(StandardCharsets.UTF_8);
            var asked = waiting.remove();
            if (answer.status().code() >= REFUSED || text.contains("\"error\"")) {
                asked.completeExceptionally(new IllegalStateException("Refused: " + answer.status() + " " + text));
            } else {
                asked.complete(text);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            waiting.forEach(asked -> asked.completeExceptionally(new IllegalStateException("Closed")));
            waiting.clear();
        }
    }
}
