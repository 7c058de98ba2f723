package io.lightline.relay.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * One text frame as it goes over the wire, encoded once and shared by every socket that gets it. Reference-counted: who
 * makes one releases it, who keeps one retains it. May be read from several event loops at once.
 */
public final class ServerFrame {

    /** FIN and opcode 1 (text), RFC 6455 §5.2; a server does not mask. */
    private static final int FINAL_TEXT = 0x81;

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
        int header = utf8.length < LENGTH_IN_16_BITS ? 2 : utf8.length <= 0xffff ? 4 : 10;
        ByteBuf wire = PooledByteBufAllocator.DEFAULT.directBuffer(header + utf8.length);
        wire.writeByte(FINAL_TEXT);
        switch (header) {
            case 2 -> wire.writeByte(utf8.length);
            case 4 -> wire.writeByte(LENGTH_IN_16_BITS).writeShort(utf8.length);
            default -> wire.writeByte(LENGTH_IN_64_BITS).writeLong(utf8.length);
        }
        wire.writeBytes(utf8);
        return new ServerFrame(wire, header);
    }

    /** A view of the bytes with a count of its own, for one socket's write; the write releases it. */
    public ByteBuf forOneSocket() {
        return wire.retainedDuplicate();
    }

    /** The text without the frame around it. */
    public String text() {
        return wire.toString(headerLength, wire.readableBytes() - headerLength, StandardCharsets.UTF_8);
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
