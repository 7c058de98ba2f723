package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleLogTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void putsTheNameOfTheServiceInFrontOfEachLine() {
        // given
        var log = new ConsoleLog(out, false);

        // when
        log.line("relay-1", "started");
        log.line("publisher", "started too");

        // then
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("relay-1   | started", "publisher | started too");
    }

    @Test
    void givesEachServiceAColourOfItsOwn() {
        // given
        var log = new ConsoleLog(out, true);

        // when
        log.line("relay-1", "one");
        log.line("relay-2", "two");
        log.line("relay-1", "three");

        // then
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "\u001b[36mrelay-1   | \u001b[0mone",
                        "\u001b[32mrelay-2   | \u001b[0mtwo",
                        "\u001b[36mrelay-1   | \u001b[0mthree");
    }
}
