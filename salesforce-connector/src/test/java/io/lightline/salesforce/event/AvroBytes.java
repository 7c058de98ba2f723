package io.lightline.salesforce.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes Avro's binary form byte by byte, so that tests of the decoder do not lean on the library that decodes. */
final class AvroBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Ints, longs, enum constants and the branches of unions are all zigzag numbers of variable length. */
    AvroBytes number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    AvroBytes text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    /** An array of one block. */
    AvroBytes texts(List<String> values) {
        if (!values.isEmpty()) {
            number(values.size());
            values.forEach(this::text);
        }
        return number(0);
    }

    AvroBytes decimal(double value) {
        bytes.writeBytes(ByteBuffer.allocate(Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
        return this;
    }

    AvroBytes nothing() {
        return number(0);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
