package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What is published: the time at which it was due, and its number; found again in a frame without parsing it as a whole. */
final class Payload {

    private static final String TIME = "\"at\":";
    private static final String NUMBER = ",\"n\":";
    private static final ByteBuf TIME_KEY =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(TIME, StandardCharsets.US_ASCII));

    private Payload() {}

    /** Who wants to know of each publication in a frame. */
    interface Reader {

        /**
         * @param due as {@link System#nanoTime}
         * @param number counted from 0
         */
        void publication(long due, long number);
    }

    /** JSON of about so many bytes. */
    static String json(long due, long number, String padding) {
        return "{" + TIME + due + NUMBER + number + ",\"pad\":\"" + padding + "\"}";
    }

    /** Every publication in a frame, in order: none in most replies, one in a push, many in a recovery. */
    static void read(ByteBuf frame, Reader reader) {
        ByteBuf rest = frame.slice();
        for (int found = find(rest); found >= 0; found = find(rest)) {
            rest.skipBytes(found + TIME.length());
            long due = digits(rest);
            rest.skipBytes(NUMBER.length());
            reader.publication(due, digits(rest));
        }
    }

    /** From its reader index. */
    private static int find(ByteBuf text) {
        int index = ByteBufUtil.indexOf(TIME_KEY.duplicate(), text);
        return index < 0 ? index : index - text.readerIndex();
    }

    private static long digits(ByteBuf text) {
        long number = 0;
        for (int next = text.readByte(); next >= '0' && next <= '9'; next = text.readByte()) {
            number = number * 10 + (next - '0');
        }
        // The one after the last digit belongs to what follows.
        text.readerIndex(text.readerIndex() - 1);
        return number;
    }
}
