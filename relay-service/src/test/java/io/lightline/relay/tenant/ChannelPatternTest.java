package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {

    @ParameterizedTest
    @CsvSource({
        "EXACT, chat:a, chat:a, true",
        "EXACT, chat:*, chat:a, false",
        "WILDCARD, chat:*, chat:a, true",
        "WILDCARD, chat:*, chat:, true",
        "WILDCARD, chat:*, xchat:a, false",
        "WILDCARD, *:a:*, chat:a:b, true",
        "WILDCARD, *ab, aab, true",
        "WILDCARD, a.c, abc, false",
        "WILDCARD, **, anything, true",
        "REGEX, chat:[a-c]+, chat:abc, true",
        "REGEX, chat:[a-c]+, chat:abcd, false",
        "REGEX, b, abc, false"
    })
    void matchesTheWholeName(Match match, String pattern, String channel, boolean matches) {
        assertThat(ChannelPattern.of(match, pattern).matches(channel)).isEqualTo(matches);
    }

    @Test
    void wildcardsAreExpressionsInWhichAStarIsAnything() {
        // given
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = word(random, "ab*", 1 + random.nextInt(8));
            String channel = word(random, "ab", 1 + random.nextInt(8));

            // then
            assertThat(new ChannelPattern.Wildcard(text).matches(channel))
                    .as("seed %d: %s on %s", seed, text, channel)
                    .isEqualTo(Pattern.matches(text.replace("*", ".*"), channel));
        }
    }

    private static String word(Random random, String letters, int length) {
        return random.ints(length, 0, letters.length())
                .mapToObj(at -> letters.substring(at, at + 1))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "(a", "((a{999}){999}){999}", "\\pL", "\\PN", "(?<=a)b", "(a)\\1"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> ChannelPattern.of(Match.REGEX, text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPatternHasABound() {
        assertThatThrownBy(() -> ChannelPattern.of(Match.EXACT, "x".repeat(256)))
                .hasMessageContaining("1 to 255 characters");
    }
}
