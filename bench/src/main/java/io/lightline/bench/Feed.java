package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A subscriber that costs next to nothing: once it is subscribed it takes Netty's WebSocket decoder off its connection and reads frames
 * where they lie, so that the load generator leaves the processor to what is measured. It still looks at every message: the next of its
 * channel, and, when it is one of those that measure, how long it was under way.
 */
final class Feed {

    private static final int PING_LENGTH = 16;

    private final Server server;
    private final String channel;
    private final Tally tally;
    private final boolean measures;
    private final CompletableFuture<Feed> subscribed = new CompletableFuture<>();
    private final Channel socket;
    private volatile boolean closing;

    private Feed(EventLoopGroup loops, Server server, String channel, String source, Tally tally, boolean measures) {
        this.server = server;
        this.channel = channel;
        this.tally = tally;
        this.measures = measures;
        var connecting = WebSocketClient.open(
                loops, server.webSocket(channel), new WebSocketClient.Options(source, 0), new Subscribing());
        socket = connecting.channel();
        connecting.addListener(outcome -> {
            if (!outcome.isSuccess()) {
                subscribed.completeExceptionally(outcome.cause());
            }
        });
    }

    /**
     * Subscribes to a channel.
     *
     * @param source address of this machine to come from
     * @param measures whether latencies of its messages are recorded; all messages are counted
     * @return completes when the server has confirmed it, or with why not
     */
    static CompletableFuture<Feed> open(
            EventLoopGroup loops, Server server, String channel, String source, Tally tally, boolean measures) {
        return new Feed(loops, server, channel, source, tally, measures).subscribed;
    }

    void close() {
        closing = true;
        var _ = socket.close();
    }

    /** Up to the confirmation. */
    private final class Subscribing extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                server.subscribe(channel).ifPresent(words -> say(context, words));
                if (server.confirmsByOpening()) {
                    goOn(context);
                }
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (server.confirms(frame.content().toString(StandardCharsets.UTF_8))) {
                goOn(context);
            }
        }

        private void goOn(ChannelHandlerContext context) {
            var pipeline = context.pipeline();
            pipeline.addLast(new Reading());
            pipeline.remove(this);
            pipeline.remove(WebSocketClientProtocolHandler.class);
            pipeline.remove(WebSocketFrameDecoder.class);
            subscribed.complete(Feed.this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            subscribed.completeExceptionally(new IllegalStateException("Closed before it was subscribed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            subscribed.completeExceptionally(cause);
            var _ = context.close();
        }
    }

    private void say(ChannelHandlerContext context, String words) {
        ByteBuf bytes = Unpooled.copiedBuffer(words, StandardCharsets.UTF_8);
        var _ = context.writeAndFlush(
                server.binary() ? new BinaryWebSocketFrame(bytes) : new TextWebSocketFrame(bytes));
    }

    /** The frames of a server (RFC 6455, section 5.2), unmasked; what is left of one waits for the rest. */
    private final class Reading extends ChannelInboundHandlerAdapter implements Payload.Reader {

        private static final int SHORT = 126;
        private static final int LONG = 127;
        private static final int LENGTH = 0x7F;

        /** For what follows an incomplete frame, in bytes. */
        private static final int ROOM = 8192;

        private ByteBuf rest = Unpooled.EMPTY_BUFFER;
        private long next = -1;
        private long messages;

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            var bytes = (ByteBuf) read;
            if (rest.isReadable()) {
                rest.writeBytes(bytes);
                bytes.release();
                bytes = rest;
            }
            messages = 0;
            while (frame(context, bytes)) {
                // Each call takes one frame.
            }
            keep(bytes);
            tally.add(messages);
        }

        private void keep(ByteBuf bytes) {
            if (!bytes.isReadable()) {
                bytes.release();
                rest = Unpooled.EMPTY_BUFFER;
            } else if (bytes == rest) {
                rest.discardReadBytes();
            } else {
                rest = bytes.alloc().buffer(bytes.readableBytes() + ROOM).writeBytes(bytes);
                bytes.release();
            }
        }

        private boolean frame(ChannelHandlerContext context, ByteBuf bytes) {
            int start = bytes.readerIndex();
            int readable = bytes.readableBytes();
            if (readable < 2) {
                return false;
            }
            int length = bytes.getByte(start + 1) & LENGTH;
            int header = 2;
            if (length == SHORT) {
                header = 4;
                if (readable < header) {
                    return false;
                }
                length = bytes.getUnsignedShort(start + 2);
            } else if (length == LONG) {
                header = 10;
                if (readable < header) {
                    return false;
                }
                length = Math.toIntExact(bytes.getLong(start + 2));
            }
            if (readable < header + length) {
                return false;
            }
            content(context, bytes.slice(start + header, length));
            bytes.skipBytes(header + length);
            return true;
        }

        private void content(ChannelHandlerContext context, ByteBuf content) {
            if (content.readableBytes() <= PING_LENGTH) {
                server.answer(content).ifPresent(words -> say(context, words));
            } else {
                Payload.read(content, this);
            }
        }

        @Override
        public void publication(long due, long number) {
            messages++;
            if (number != next && next >= 0) {
                tally.outOfOrder();
            }
            next = number + 1;
            if (measures) {
                tally.latency(System.nanoTime() - due);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!closing) {
                tally.outOfOrder();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cause.printStackTrace();
            tally.outOfOrder();
            var _ = context.close();
        }
    }
}
