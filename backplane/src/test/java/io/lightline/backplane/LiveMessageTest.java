package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveMessageTest {

    private static final Draft DRAFT = Draft.of(RawJson.of("{\"ä\":\"😀\"}"));
    private static final Member ZOE =
            new Member("c 1", "zoë", "pod-1", RawJson.of("{\"user\":\"zoë\",\"client\":\"c 1\"}"));

    @Test
    void aPublicationIsReadWithAndWithoutAPosition() {
        // given
        byte[] envelope = Envelope.encode(DRAFT);
        var positioned = Buffer.buffer("9007199254740993 00ff ").appendBytes(envelope);

        // when / then
        assertThat(LiveMessage.decode(positioned))
                .isEqualTo(new LiveMessage.Published("00ff", new Publication(9_007_199_254_740_993L, DRAFT)));
        assertThat(LiveMessage.decode(Buffer.buffer(LiveMessage.withoutPosition(envelope))))
                .isEqualTo(new LiveMessage.Published("", new Publication(0, DRAFT)));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsReadAsItWasWritten(PresenceEvent event) {
        // when
        var read = LiveMessage.decode(Buffer.buffer(LiveMessage.of(event)));

        // then
        assertThat(read).isEqualTo(new LiveMessage.Presence(event));
    }

    /** Which is how a pod that knows only publications read every message. */
    @ParameterizedTest
    @MethodSource("events")
    void noEventBeginsWithANumber(PresenceEvent event) {
        // given
        var text = new String(LiveMessage.of(event), StandardCharsets.UTF_8);

        // when / then
        assertThatThrownBy(() -> Long.parseLong(text.substring(0, text.indexOf(' '))))
                .isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"typing 1", "", "joined", "joined ", "1", "1 ", "-  ", "left \u0002later"})
    void whatIsOfTheFutureOrBrokenIsRefused(String message) {
        assertThatThrownBy(() -> LiveMessage.decode(Buffer.buffer(message))).isInstanceOf(RuntimeException.class);
    }

    static Stream<PresenceEvent> events() {
        return Stream.of(new PresenceEvent.Joined(ZOE), new PresenceEvent.Left(ZOE));
    }
}
