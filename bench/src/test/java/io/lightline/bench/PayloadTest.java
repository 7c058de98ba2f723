package io.lightline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private final List<String> found = new ArrayList<>();

    @Test
    void findsThePublicationOfAPush() {
        read("{\"push\":{\"channel\":\"chat:a\",\"pub\":{\"data\":" + Payload.json(123, 4, "xx") + ",\"offset\":5}}}");

        assertThat(found).containsExactly("123/4");
    }

    @Test
    void findsAllPublicationsOfARecovery() {
        read("{\"id\":2,\"subscribe\":{\"publications\":[{\"data\":" + Payload.json(1, 0, "") + "},{\"data\":"
                + Payload.json(2, 1, "") + "}]}}");

        assertThat(found).containsExactly("1/0", "2/1");
    }

    @Test
    void findsNoneInAReply() {
        read("{\"id\":1,\"connect\":{\"client\":\"c\"}}");

        assertThat(found).isEmpty();
    }

    private void read(String text) {
        // Something before it, as in a socket's buffer.
        var frame = Unpooled.copiedBuffer("??" + text, StandardCharsets.UTF_8).skipBytes(2);
        Payload.read(frame, (due, number) -> found.add(due + "/" + number));
    }
}
