package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
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
    private static final int NO_INFO = -1;
    /** Version, time, number of tags, length of the info. */
    private static final int WITHOUT_FIELDS = Byte.BYTES + Long.BYTES + Integer.BYTES + Short.BYTES + Integer.BYTES;

    private Envelope() {}

    static byte[] encode(Draft draft) {
        RawJson info = draft.info();
        Buffer to = Buffer.buffer(64 + draft.data().length())
                .appendByte(VERSION)
                .appendLong(draft.time().getEpochSecond())
                .appendInt(draft.time().getNano())
                .appendUnsignedShort(Fields.checkedShort(draft.tags().size(), "The number of tags of a publication"));
        draft.tags().forEach((key, value) -> {
            Fields.appendText(to, key, "The length of a tag");
            Fields.appendText(to, value, "The length of a tag");
        });
        if (info == null) {
            to.appendInt(NO_INFO);
        } else {
            to.appendInt(info.length()).appendBytes(info.utf8());
        }
        return to.appendBytes(draft.data().utf8()).getBytes();
    }

    /** Of what {@link #encode} returns, without the work of it. */
    static long length(Draft draft) {
        long tags = draft.tags().entrySet().stream()
                .mapToLong(tag -> Fields.lengthOf(tag.getKey()) + Fields.lengthOf(tag.getValue()))
                .sum();
        return WITHOUT_FIELDS + tags + new Publication(0, draft).bytes();
    }

    /** Copies what it keeps: the buffer may be reused. */
    static Draft decode(Buffer from) {
        byte version = from.getByte(0);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "A publication in version " + version + " of the envelope; this pod knows " + VERSION + " only");
        }
        var reader = new Fields.Reader(from, 1);
        var time = Instant.ofEpochSecond(reader.nextLong(), reader.nextInt());
        Map<String, String> tags = tags(reader);
        RawJson info = info(reader);
        return new Draft(RawJson.of(reader.rest()), info, tags, time);
    }

    private static Map<String, String> tags(Fields.Reader reader) {
        int count = reader.nextUnsignedShort();
        Map<String, String> tags = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            String key = reader.nextText();
            tags.put(key, reader.nextText());
        }
        return tags;
    }

    private static @Nullable RawJson info(Fields.Reader reader) {
        int length = reader.nextInt();
        return length == NO_INFO ? null : RawJson.of(reader.nextBytes(length));
    }
}
