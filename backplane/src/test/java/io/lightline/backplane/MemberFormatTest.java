package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class MemberFormatTest {

    private static final Member ZOE = new Member("c1", "zoë", "pod-1", RawJson.of("{\"user\":\"zoë\"}"));

    @Test
    void whatWasEncodedIsDecoded() {
        // given
        var bare = new Member("", "", "", RawJson.of(""));

        // when / then
        assertThat(MemberFormat.decode(Buffer.buffer(MemberFormat.encode(ZOE)))).isEqualTo(ZOE);
        assertThat(MemberFormat.decode(Buffer.buffer(MemberFormat.encode(bare))))
                .isEqualTo(bare);
    }

    @Test
    void itBeginsAsTheScriptsExpect() {
        assertThat(Buffer.buffer(MemberFormat.encode(ZOE)).slice(0, 7))
                .isEqualTo(Buffer.buffer(new byte[] {1, 0, 4}).appendString("zoë"));
    }

    @Test
    void aVersionOfTheFutureIsRefusedByName() {
        // given
        byte[] future = MemberFormat.encode(ZOE);
        future[0] = 2;

        // when / then
        assertThatThrownBy(() -> MemberFormat.decode(Buffer.buffer(future)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A member of a channel in version 2; this pod knows 1 only");
    }

    @Test
    void aUserThatDoesNotFitIsRefused() {
        // given
        var endless = new Member("c1", "x".repeat(65_536), "pod-1", RawJson.of("{}"));

        // when / then
        assertThatThrownBy(() -> MemberFormat.encode(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The length of a user is at most 65535, not 65536");
    }
}
