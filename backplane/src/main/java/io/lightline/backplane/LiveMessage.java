package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What Redis pub/sub carries on the key of a channel. Its first word, up to a space, says what it is: a number begins a
 * publication, and a word that is none a presence event, so that a pod which knows of no such event refuses it, as every pod
 * refuses a word of the future. The scripts write the same form.
 */
sealed interface LiveMessage {

    /** Offset, space, epoch, space, {@link Envelope}. Only the scripts know the position. */
    record Published(String epoch, Publication publication) implements LiveMessage {}

    /** {@code joined} or {@code left}, space, {@link MemberFormat}. */
    record Presence(PresenceEvent event) implements LiveMessage {}

    static byte[] withoutPosition(byte[] envelope) {
        return after("0  ", envelope);
    }

    static byte[] of(PresenceEvent event) {
        String word = switch (event) {
            case PresenceEvent.Joined _ -> "joined ";
            case PresenceEvent.Left _ -> "left ";
        };
        return after(word, MemberFormat.encode(event.member()));
    }

    static LiveMessage decode(Buffer message) {
        int afterWord = space(message, 0);
        String word = message.getString(0, afterWord);
        return switch (word) {
            case "joined" -> new Presence(new PresenceEvent.Joined(member(message, afterWord)));
            case "left" -> new Presence(new PresenceEvent.Left(member(message, afterWord)));
            default -> published(Long.parseLong(word), message, afterWord);
        };
    }

    private static Published published(long offset, Buffer message, int afterOffset) {
        int afterEpoch = space(message, afterOffset + 1);
        String epoch = message.getString(afterOffset + 1, afterEpoch);
        Draft draft = Envelope.decode(message.slice(afterEpoch + 1, message.length()));
        return new Published(epoch, new Publication(offset, draft));
    }

    private static Member member(Buffer message, int afterWord) {
        return MemberFormat.decode(message.slice(afterWord + 1, message.length()));
    }

    private static byte[] after(String words, byte[] rest) {
        byte[] first = words.getBytes(StandardCharsets.US_ASCII);
        return Buffer.buffer(first.length + rest.length)
                .appendBytes(first)
                .appendBytes(rest)
                .getBytes();
    }

    private static int space(Buffer message, int from) {
        int at = from;
        while (message.getByte(at) != ' ') {
            at++;
        }
        return at;
    }
}
