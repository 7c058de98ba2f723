package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;

/**
 * A member as it travels between pods and is kept in Redis: version (1 byte), user, client and pod (2 bytes length and
 * UTF-8 each), info (the rest). The scripts read the user, so every version has to begin with version and user.
 */
final class MemberFormat {

    private static final byte VERSION = 1;

    private MemberFormat() {}

    static byte[] encode(Member member) {
        Buffer to = Buffer.buffer(64 + member.info().length()).appendByte(VERSION);
        Fields.appendText(to, member.user(), "The length of a user");
        Fields.appendText(to, member.client(), "The length of a client");
        Fields.appendText(to, member.pod(), "The length of a pod's name");
        return to.appendBytes(member.info().utf8()).getBytes();
    }

    /** Copies what it keeps: the buffer may be reused. */
    static Member decode(Buffer from) {
        byte version = from.getByte(0);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "A member of a channel in version " + version + "; this pod knows " + VERSION + " only");
        }
        var reader = new Fields.Reader(from, 1);
        String user = reader.nextText();
        String client = reader.nextText();
        String pod = reader.nextText();
        return new Member(client, user, pod, RawJson.of(reader.rest()));
    }
}
