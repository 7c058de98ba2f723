package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A publication as Redis pub/sub carries it: offset, space, epoch, space, {@link Envelope}. The scripts put the first part
 * in front, because only they know the position.
 */
record LiveMessage(String epoch, Publication publication) {

    private static final byte[] NO_POSITION = "0  ".getBytes(StandardCharsets.US_ASCII);

    static byte[] withoutPosition(byte[] envelope) {
        return Buffer.buffer(NO_POSITION.length + envelope.length)
                .appendBytes(NO_POSITION)
                .appendBytes(envelope)
                .getBytes();
    }

    static LiveMessage decode(Buffer message) {
        int afterOffset = space(message, 0);
        int afterEpoch = space(message, afterOffset + 1);
        long offset = Long.parseLong(message.getString(0, afterOffset));
        String epoch = message.getString(afterOffset + 1, afterEpoch);
        Draft draft = Envelope.decode(message.slice(afterEpoch + 1, message.length()));
        return new LiveMessage(epoch, new Publication(offset, draft));
    }

    private static int space(Buffer message, int from) {
        int at = from;
        while (message.getByte(at) != ' ') {
            at++;
        }
        return at;
    }
}
