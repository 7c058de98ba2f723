package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The fields of which binary formats are made: big-endian numbers, texts of two bytes length and UTF-8, bytes. */
final class Fields {

    private static final int SHORT_MAX = 0xffff;

    private Fields() {}

    /** @param what is too long, if it is */
    static void appendText(Buffer to, String text, String what) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        to.appendUnsignedShort(checkedShort(utf8.length, what)).appendBytes(utf8);
    }

    /** What {@link #appendText} appends. */
    static int lengthOf(String text) {
        return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** @param what the value is */
    static int checkedShort(int value, String what) {
        if (value > SHORT_MAX) {
            throw new IllegalArgumentException(what + " is at most " + SHORT_MAX + ", not " + value);
        }
        return value;
    }

    /** Reads one field after the other. Copies bytes: the buffer may be reused. */
    static final class Reader {

        private final Buffer from;
        private int at;

        Reader(Buffer from, int at) {
            this.from = from;
            this.at = at;
        }

        long nextLong() {
            at += Long.BYTES;
            return from.getLong(at - Long.BYTES);
        }

        int nextInt() {
            at += Integer.BYTES;
            return from.getInt(at - Integer.BYTES);
        }

        int nextUnsignedShort() {
            at += Short.BYTES;
            return from.getUnsignedShort(at - Short.BYTES);
        }

        String nextText() {
            return new String(nextBytes(nextUnsignedShort()), StandardCharsets.UTF_8);
        }

        byte[] nextBytes(int length) {
            at += length;
            return from.getBytes(at - length, at);
        }

        byte[] rest() {
            return nextBytes(from.length() - at);
        }
    }
}
