package io.lightline.relay.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * Netty's decoder, which refuses a frame that is too large as soon as its header is read. It leaves the answer to
 * {@link ViolationGuard}: its own would bypass the encoder and never reach the client.
 */
final class StrictFrameDecoder extends WebSocket13FrameDecoder {

    /** The last code that anybody may use, RFC 6455 §7.4.2; Netty knows no end. */
    private static final int LAST_CLOSE_CODE = 4999;

    StrictFrameDecoder(int maxFrameSize) {
        super(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxFrameSize)
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .build());
    }

    @Override
    protected void checkCloseFrameBody(ChannelHandlerContext context, ByteBuf body) {
        super.checkCloseFrameBody(context, body);
        if (body.isReadable() && body.getUnsignedShort(body.readerIndex()) > LAST_CLOSE_CODE) {
            throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, "Invalid close code");
        }
    }
}
