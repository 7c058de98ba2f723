package io.lightline.relay.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder, with three differences.
 *
 * <p>It refuses a frame that is too large as soon as its header is read. It leaves the answer to {@link ViolationGuard}: its own
 * would bypass the encoder and never reach the client.
 *
 * <p>It takes turns. One reading of 64 KB holds some 2,600 of the smallest commands, and each of them is a task for the event
 * loop: whoever else has something to do there would come after all of them. So it decodes {@value #TURN} frames, and goes on
 * when the tasks that wait by then are done.
 *
 * <p>While nobody {@linkplain #reading wants} frames it decodes none, and the socket is not read: nor is it while frames wait for
 * their turn, so that never more than one reading does.
 */
final class StrictFrameDecoder extends WebSocket13FrameDecoder {

    /** The last code that anybody may use, RFC 6455 §7.4.2; Netty knows no end. */
    private static final int LAST_CLOSE_CODE = 4999;

    /** About a millisecond of commands. Each turn costs a task, so fewer would not be worth it. */
    static final int TURN = 32;

    private final BooleanSupplier over;
    private @Nullable ChannelHandlerContext context;
    private boolean wanted = true;
    private boolean holding;
    private boolean goesOn;
    private int left = TURN;

    /** @param over whether frames are only looked at for the Close among them, which costs too little to take turns */
    StrictFrameDecoder(int maxFrameSize, BooleanSupplier over) {
        super(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxFrameSize)
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .build());
        this.over = over;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Whether frames are wanted. On the event loop. */
    void reading(boolean on) {
        wanted = on;
        if (on && holding) {
            goOnLater();
        } else {
            readSocket();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext present, ByteBuf in, List<Object> out) throws Exception {
        if (over.getAsBoolean()) {
            super.decode(present, in, out);
        } else if (left > 0 && wanted) {
            int before = out.size();
            super.decode(present, in, out);
            left -= out.size() - before;
        } else {
            hold();
        }
    }

    /** Reads nothing that would have to wait too. */
    private void hold() {
        holding = true;
        readSocket();
        if (wanted) {
            goOnLater();
        }
    }

    private void goOnLater() {
        if (!goesOn) {
            goesOn = true;
            context().executor().execute(this::goOn);
        }
    }

    /** As if the rest had just come. */
    private void goOn() {
        goesOn = false;
        holding = false;
        left = TURN;
        try {
            channelRead(context(), Unpooled.EMPTY_BUFFER);
        } catch (Exception broken) {
            context().fireExceptionCaught(broken);
        }
        context().fireChannelReadComplete();
        readSocket();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext present) throws Exception {
        if (holding) {
            // Netty would read on by itself, as this reading has brought nothing.
            present.fireChannelReadComplete();
        } else {
            left = TURN;
            super.channelReadComplete(present);
        }
    }

    private void readSocket() {
        context().channel().config().setAutoRead(over.getAsBoolean() || (wanted && !holding));
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not in a pipeline yet");
    }

    @Override
    protected void checkCloseFrameBody(ChannelHandlerContext present, ByteBuf body) {
        super.checkCloseFrameBody(present, body);
        if (body.isReadable() && body.getUnsignedShort(body.readerIndex()) > LAST_CLOSE_CODE) {
            throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, "Invalid close code");
        }
    }
}
