package io.lightline.relay.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame as a client puts it on the wire, RFC 6455 §5.2, right or wrong.
 *
 * @param first FIN, the reserved bits and the opcode
 * @param declared the length in the header, whatever follows
 */
record ClientFrame(int first, boolean masked, long declared, byte[] payload) {

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    static ClientFrame of(int opcode, byte[] payload) {
        return new ClientFrame(FIN | opcode, true, payload.length, payload);
    }

    static ClientFrame text(String text) {
        return of(0x1, text.getBytes(StandardCharsets.UTF_8));
    }

    static ClientFrame text(byte[] bytes) {
        return of(0x1, bytes);
    }

    static ClientFrame continuation(byte[] bytes) {
        return of(0x0, bytes);
    }

    static ClientFrame ping(byte[] bytes) {
        return of(0x9, bytes);
    }

    /** With a code, and bytes for a reason. */
    static ClientFrame close(int code, byte... reason) {
        return of(
                0x8,
                ByteBuffer.allocate(2 + reason.length)
                        .putShort((short) code)
                        .put(reason)
                        .array());
    }

    ClientFrame notFinal() {
        return new ClientFrame(first & ~FIN, masked, declared, payload);
    }

    ClientFrame reserved(int bits) {
        return new ClientFrame(first | bits << 4, masked, declared, payload);
    }

    ClientFrame unmasked() {
        return new ClientFrame(first, false, declared, payload);
    }

    ClientFrame declaring(long length) {
        return new ClientFrame(first, masked, length, payload);
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        out.write(first);
        int flag = masked ? MASKED : 0;
        if (0 <= declared && declared < 126) {
            out.write(flag | (int) declared);
        } else if (0 <= declared && declared <= 0xFFFF) {
            out.write(flag | 126);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) declared).array());
        } else {
            out.write(flag | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(declared).array());
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % MASK.length] : payload[i]);
        }
        return out.toByteArray();
    }
}
