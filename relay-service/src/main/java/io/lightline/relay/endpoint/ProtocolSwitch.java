package io.lightline.relay.endpoint;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;

/**
 * Waits for the answer to an upgrade. When the server switches protocols, the pipeline becomes strict before the first frame is
 * read: Netty has put its codec there by then, and the client does not know of the switch yet.
 */
final class ProtocolSwitch extends ChannelOutboundHandlerAdapter {

    private final int maxMessageSize;
    private final Violations violations;

    ProtocolSwitch(int maxMessageSize, Violations violations) {
        this.maxMessageSize = maxMessageSize;
        this.violations = violations;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            answered(context, response.status());
        }
        var _ = context.write(message, promise);
    }

    private void answered(ChannelHandlerContext context, HttpResponseStatus status) {
        if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            makeStrict(context);
        }
        if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
                || status.codeClass() != HttpStatusClass.INFORMATIONAL) {
            context.pipeline().remove(this);
        }
    }

    private void makeStrict(ChannelHandlerContext context) {
        takeTurns(context.channel().config());
        ChannelPipeline pipeline = context.pipeline();
        var guard = new ViolationGuard(violations);
        pipeline.replace(decoder(pipeline), null, new StrictFrameDecoder(maxMessageSize, guard::over));
        pipeline.addBefore(context.name(), null, new Utf8FrameValidator(false));
        pipeline.addBefore(context.name(), null, new WebSocketFrameAggregator(maxMessageSize));
        pipeline.addBefore(context.name(), null, new LatestPong());
        pipeline.addBefore(context.name(), null, guard);
    }

    /**
     * One read of 64 KB at most, and then it is the others' turn. By default Netty takes up to 1 MB of a socket at once: of the
     * smallest commands those are fifty thousand, which everybody else on the event loop would have to wait for.
     */
    private static void takeTurns(ChannelConfig config) {
        if (config.getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            reads.maxMessagesPerRead(1);
        }
    }

    private static String decoder(ChannelPipeline pipeline) {
        return pipeline.names().stream()
                .filter(name -> pipeline.get(name) instanceof WebSocketFrameDecoder)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("No WebSocketFrameDecoder in the pipeline " + pipeline.names()));
    }
}
