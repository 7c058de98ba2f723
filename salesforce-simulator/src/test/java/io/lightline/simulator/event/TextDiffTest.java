package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextDiffTest {

    private static final List<String> LINES = IntStream.rangeClosed(1, 40)
            .mapToObj(n -> "line " + n + " of a text that is long enough for Salesforce")
            .toList();

    @Test
    void changedLinesBecomeHunksOfTheirOwn() {
        // given
        var after = new ArrayList<>(LINES);
        after.set(1, "second");
        after.set(30, "thirty-first");

        // when
        var diff = TextDiff.of(text(LINES), text(after)).orElseThrow();

        // then
        assertThat(diff.lines().toList())
                .startsWith("--- ")
                .containsSubsequence(
                        "@@ -2,1 +2,1 @@",
                        "-" + LINES.get(1),
                        "+second",
                        "@@ -31,1 +31,1 @@",
                        "-" + LINES.get(30),
                        "+thirty-first")
                .hasSize(8);
        assertThat(diff).containsPattern("\n\\+\\+\\+ [0-9a-f]{64}\n");
    }

    @Test
    void anInsertedLineIsOneHunk() {
        // given
        var after = new ArrayList<>(LINES);
        after.add(5, "new");

        // when
        var diff = TextDiff.of(text(LINES), text(after)).orElseThrow();

        // then
        assertThat(diff).endsWith("@@ -6,0 +6,1 @@\n+new\n");
    }

    @Test
    void aShortTextIsSentWhole() {
        assertThat(TextDiff.of("one", "two")).isEmpty();
    }

    @Test
    void aTextOfWhichMuchHasChangedIsSentWhole() {
        // given
        var after = LINES.stream().map(line -> line + "!").toList();

        // then
        assertThat(TextDiff.of(text(LINES), text(after))).isEmpty();
        assertThat(TextDiff.of(text(LINES), text(LINES.subList(0, 19)) + "x".repeat(50)))
                .isEmpty();
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }
}
