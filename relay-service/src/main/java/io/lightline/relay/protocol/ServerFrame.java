package io.lightline.relay.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * One frame as it goes over the wire, encoded once and shared by every socket that gets it. Reference-counted: who
 * makes one releases it, who keeps one retains it. May be read from several event loops at once.
 */
public final class ServerFrame {

    /** FIN and opcode 1 (text), RFC 6455 §5.2; a server does not mask. */
    private static final int FINAL_TEXT = 0x81;

    /** FIN and opcode 2. */
    private static final int FINAL_BINARY = 0x82;

    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;

    private final ByteBuf wire;
    private final int headerLength;

    private ServerFrame(ByteBuf wire, int headerLength) {
        this.wire = wire;
        this.headerLength = headerLength;
    }

    /** @param utf8 one or more JSON objects, separated by line breaks */
    public static ServerFrame text(byte[] utf8) {
        return frame(FINAL_TEXT, utf8);
    }

    /** @param messages one or more protobuf messages, each with its length in front */
    public static ServerFrame binary(byte[] messages) {
        return frame(FINAL_BINARY, messages);
    }

    private static ServerFrame frame(int first, byte[] payload) {
        int header = payload.length < LENGTH_IN_16_BITS ? 2 : payload.length <= 0xffff ? 4 : 10;
        ByteBuf wire = PooledByteBufAllocator.DEFAULT.directBuffer(header + payload.length);
        wire.writeByte(first);
        switch (header) {
            case 2 -> wire.writeByte(payload.length);
            case 4 -> wire.writeByte(LENGTH_IN_16_BITS).writeShort(payload.length);
            default -> wire.writeByte(LENGTH_IN_64_BITS).writeLong(payload.length);
        }
        wire.writeBytes(payload);
        return new ServerFrame(wire, header);
    }

    /** A view of the bytes with a count of its own, for one socket's write; the write releases it. */
    public ByteBuf forOneSocket() {
        return wire.retainedDuplicate();
    }

    /** The text without the frame around it. */
    public String text() {
        return new String(payload(), StandardCharsets.UTF_8);
    }

    /** The bytes without the frame around them. */
    public byte[] payload() {
        return ByteBufUtil.getBytes(wire, headerLength, wire.readableBytes() - headerLength);
    }

    /** On the wire. */
    public int bytes() {
        return wire.readableBytes();
    }

    public ServerFrame retain() {
        wire.retain();
        return this;
    }

    public void release() {
        wire.release();
    }
}
