package io.lightline.relay.endpoint;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells when a client keeps up again. */
final class Writability extends ChannelInboundHandlerAdapter {

    private final Runnable onWritable;

    Writability(Runnable onWritable) {
        this.onWritable = onWritable;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            onWritable.run();
        }
        context.fireChannelWritabilityChanged();
    }
}
