package io.lightline.relay.endpoint;

import io.lightline.relay.admission.Slot;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;

/**
 * Holds a slot for as long as it is in the pipeline of a connection. It leaves when the answer to the request for an upgrade is
 * not the upgrade (a bad handshake, another check that refuses; the connection may then serve further requests), or with the
 * connection itself. Netty says {@link #handlerRemoved} once, on the event loop.
 */
final class SlotHolder extends ChannelOutboundHandlerAdapter {

    private final Slot slot;

    private SlotHolder(Slot slot) {
        this.slot = slot;
    }

    /** @param netty of the handler that answers */
    static void hold(Slot slot, ChannelHandlerContext netty) {
        try {
            netty.pipeline().addBefore(netty.name(), null, new SlotHolder(slot));
        } catch (RuntimeException e) {
            // The connection is gone already, and its pipeline is empty.
            slot.release();
            throw e;
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        var _ = context.write(message, promise);
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            var _ = context.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        slot.release();
    }
}
