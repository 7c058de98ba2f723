package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private static final Draft FULL = new Draft(
            RawJson.of("{\"ä\":\"😀\"}"),
            RawJson.of("{\"user\":\"zoë\"}"),
            Map.of("org", "00D", "empty", "", "ключ", "значение"),
            Instant.parse("1969-12-31T23:59:59.123456789Z"));

    @Test
    void whatWasEncodedIsDecoded() {
        // given
        var bare = new Draft(RawJson.of(""), null, Map.of(), Instant.MAX);

        // when / then
        assertThat(Envelope.decode(Buffer.buffer(Envelope.encode(FULL)))).isEqualTo(FULL);
        assertThat(Envelope.decode(Buffer.buffer(Envelope.encode(bare)))).isEqualTo(bare);
    }

    @Test
    void itsLengthIsKnownBeforeItIsEncoded() {
        // given
        var bare = new Draft(RawJson.of("1"), null, Map.of(), Instant.EPOCH);

        // when / then
        assertThat(Envelope.encode(FULL)).hasSize((int) Envelope.length(FULL));
        assertThat(Envelope.encode(bare)).hasSize((int) Envelope.length(bare));
    }

    @Test
    void aVersionOfTheFutureIsRefusedByName() {
        // given
        byte[] future = Envelope.encode(FULL);
        future[0] = 2;

        // when / then
        assertThatThrownBy(() -> Envelope.decode(Buffer.buffer(future)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A publication in version 2 of the envelope; this pod knows 1 only");
    }

    @Test
    void aTagThatDoesNotFitIsRefused() {
        // given
        var draft = new Draft(RawJson.of("1"), null, Map.of("long", "x".repeat(65_536)), Instant.EPOCH);

        // when / then
        assertThatThrownBy(() -> Envelope.encode(draft))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The length of a tag is at most 65535, not 65536");
    }
}
