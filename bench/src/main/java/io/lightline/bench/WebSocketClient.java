package io.lightline.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import java.net.InetSocketAddress;
import java.net.URI;

/** Opens WebSockets. */
final class WebSocketClient {

    private static final int HANDSHAKE_BYTES = 8192;
    private static final int LARGEST_FRAME = 16 << 20;

    /**
     * Where from, and how.
     *
     * @param source address of this machine; a port has some 28,000 connections to one address at most
     * @param receiveBuffer bytes that the system takes while nobody reads; 0 for as much as it likes
     */
    record Options(String source, int receiveBuffer) {
        static final Options DEFAULT = new Options("127.0.0.1", 0);
    }

    private WebSocketClient() {}

    /**
     * Connects. The handler sees Netty's handshake event, and then frames, Close among them.
     *
     * @return of the TCP connection; whether the server agrees to a WebSocket comes later
     */
    static ChannelFuture open(EventLoopGroup loops, URI address, Options options, ChannelHandler handler) {
        var config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(address)
                .maxFramePayloadLength(LARGEST_FRAME)
                .handleCloseFrames(false)
                .build();
        var bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(HANDSHAKE_BYTES),
                                        new WebSocketClientProtocolHandler(config),
                                        handler);
                    }
                });
        if (options.receiveBuffer() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, options.receiveBuffer());
        }
        return bootstrap.connect(
                new InetSocketAddress(address.getHost(), address.getPort()),
                new InetSocketAddress(options.source(), 0));
    }
}
