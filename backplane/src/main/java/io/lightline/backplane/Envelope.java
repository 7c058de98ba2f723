package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A draft as it travels between pods and is kept in Redis. Big-endian: version (1 byte), time (8 bytes seconds, 4 bytes
 * nanoseconds), number of tags (2 bytes), each tag's key and value (2 bytes length and UTF-8), info (4 bytes length, -1
 * for none, and bytes), data (the rest). A pod that meets a version it does not know refuses the publication.
 */
final class Envelope {

    private static final byte VERSION = 1;
    private static final int SHORT_MAX = 0xffff;
    private static final int NO_INFO = -1;

    private Envelope() {}

    static byte[] encode(Draft draft) {
        RawJson info = draft.info();
        Buffer to = Buffer.buffer(64 + draft.data().length())
                .appendByte(VERSION)
                .appendLong(draft.time().getEpochSecond())
                .appendInt(draft.time().getNano())
                .appendUnsignedShort(checked(draft.tags().size(), "The number of tags of a publication"));
        draft.tags().forEach((key, value) -> {
            appendText(to, key);
            appendText(to, value);
        });
        if (info == null) {
            to.appendInt(NO_INFO);
        } else {
            to.appendInt(info.length()).appendBytes(info.utf8());
        }
        return to.appendBytes(draft.data().utf8()).getBytes();
    }

    /** Copies what it keeps: the buffer may be reused. */
    static Draft decode(Buffer from) {
        byte version = from.getByte(0);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "A publication in version " + version + " of the envelope; this pod knows " + VERSION + " only");
        }
        var reader = new Reader(from, 1);
        var time = Instant.ofEpochSecond(reader.nextLong(), reader.nextInt());
        Map<String, String> tags = reader.nextTags();
        RawJson info = reader.nextInfo();
        return new Draft(reader.rest(), info, tags, time);
    }

    private static void appendText(Buffer to, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        to.appendUnsignedShort(checked(utf8.length, "The length of a tag")).appendBytes(utf8);
    }

    private static int checked(int value, String what) {
        if (value > SHORT_MAX) {
            throw new IllegalArgumentException(what + " is at most " + SHORT_MAX + ", not " + value);
        }
        return value;
    }

    /** Reads one field after the other. */
    private static final class Reader {

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

        Map<String, String> nextTags() {
            int count = nextUnsignedShort();
            Map<String, String> tags = HashMap.newHashMap(count);
            for (int i = 0; i < count; i++) {
                String key = nextText();
                tags.put(key, nextText());
            }
            return tags;
        }

        @Nullable
        RawJson nextInfo() {
            int length = nextInt();
            return length == NO_INFO ? null : RawJson.of(nextBytes(length));
        }

        RawJson rest() {
            return RawJson.of(nextBytes(from.length() - at));
        }

        private String nextText() {
            return new String(nextBytes(nextUnsignedShort()), StandardCharsets.UTF_8);
        }

        private int nextUnsignedShort() {
            at += Short.BYTES;
            return from.getUnsignedShort(at - Short.BYTES);
        }

        private byte[] nextBytes(int length) {
            at += length;
            return from.getBytes(at - length, at);
        }
    }
}
