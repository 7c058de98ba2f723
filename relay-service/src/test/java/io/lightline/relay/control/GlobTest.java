package io.lightline.relay.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                | chat:room          | true",
                "chat:*           | chat:room          | true",
                "chat:*           | chat:              | true",
                "chat:*           | mychat:room        | false",
                "*room            | chat:room:2        | false",
                "a*b*c            | a-bb-cc            | true",
                "/event/*__e      | /event/Order__e    | true",
                "chat:?           | chat:a             | true",
                "chat:?           | chat:ab            | false",
                "chat:[abc]       | chat:b             | true",
                "chat:[abc]       | chat:d             | false",
                "chat:[a-c]       | chat:b             | true",
                "chat:[!a-c]      | chat:b             | false",
                "chat:[!a-c]      | chat:x             | true",
                "chat:[^a]        | chat:^             | true",
                "{chat,room}:*    | room:1             | true",
                "{chat,room}:*    | hall:1             | false",
                "{a,b{c,d}}:1     | bd:1               | true",
                "a,b              | a,b                | true",
                "a.b              | axb                | false",
                "a(b)+$           | a(b)+$             | true",
                "chat:\\*         | chat:*             | true",
                "chat:\\*         | chat:a             | false",
                "chat:\\Q*\\E     | chat:Qx            | false"
            })
    void aPatternNamesChannels(String pattern, String channel, boolean matches) {
        assertThat(Glob.of(pattern).matches(channel)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[a", "[]", "[!]", "{a", "a}", "\\", "[z-a]"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> Glob.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern");
    }

    @Test
    void aPatternIsNoLongerThanAChannelsName() {
        assertThat(Glob.of("x".repeat(255)).matches("x".repeat(255))).isTrue();
        assertThatThrownBy(() -> Glob.of("x".repeat(256))).hasMessageContaining("255");
    }
}
