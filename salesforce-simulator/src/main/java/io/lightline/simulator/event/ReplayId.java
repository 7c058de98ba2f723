package io.lightline.simulator.event;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A position on an org's event bus. On the wire it has ten bytes: a big-endian counter and two zeros, as recorded from real
 * orgs; the older form of eight bytes is still understood.
 */
public record ReplayId(long position) {

    private static final int LENGTH = 10;
    private static final int OLD_LENGTH = Long.BYTES;

    /** The position that the bytes stand for, or nothing when no server could have made them. */
    public static Optional<ReplayId> parse(ByteString bytes) {
        var buffer = bytes.asReadOnlyByteBuffer();
        return switch (bytes.size()) {
            case OLD_LENGTH -> Optional.of(new ReplayId(buffer.getLong()));
            case LENGTH -> Optional.of(new ReplayId(buffer.getLong())).filter(_ -> buffer.getShort() == 0);
            default -> Optional.empty();
        };
    }

    public ByteString bytes() {
        return ByteString.copyFrom(array());
    }

    public String hex() {
        return HexFormat.of().formatHex(array());
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(array());
    }

    private byte[] array() {
        return ByteBuffer.allocate(LENGTH).putLong(position).array();
    }
}
