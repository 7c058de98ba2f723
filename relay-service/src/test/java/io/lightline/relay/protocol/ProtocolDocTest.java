package io.lightline.relay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} says what the code does. */
class ProtocolDocTest {

    private static final Path DOC = Path.of("..", "docs", "protocol.md");

    private final FrameCodec codec = Encoding.JSON.codec();

    @Test
    void everyErrorIsListed() throws IOException {
        assertThat(table("Errors"))
                .containsExactlyElementsOf(Stream.of(ErrorCode.values())
                        .map(code -> List.of("" + code.code(), code.message(), code.temporary() ? "yes" : "no"))
                        .toList());
    }

    @Test
    void everyCloseIsListed() throws IOException {
        assertThat(table("Closes"))
                .extracting(row -> row.subList(0, 2))
                .containsExactlyElementsOf(Stream.of(CloseCode.values())
                        .map(code -> List.of("" + code.code(), code.reason()))
                        .toList());
    }

    @Test
    void everyUnsubscribeIsListed() throws IOException {
        assertThat(table("Unsubscribe pushes"))
                .extracting(row -> row.subList(0, 2))
                .containsExactlyElementsOf(Stream.of(UnsubscribeCode.values())
                        .map(code -> List.of("" + code.code(), code.reason()))
                        .toList());
    }

    @Test
    void commandsAreOfferedAsListed() throws Exception {
        assertThat(table("Commands")).isNotEmpty().allSatisfy(row -> {
            String method = row.get(0).replace("`", "");
            Command command = codec.decode("{\"id\":1,\"" + method + "\":{\"data\":1}}")
                    .getFirst()
                    .command();
            assertThat(command).isNotInstanceOf(Command.Unknown.class);
            assertThat(command instanceof Command.Unsupported)
                    .as(method)
                    .isEqualTo(row.get(1).equals("no"));
        });
    }

    /** The rows of the first table under a heading. */
    private static List<List<String>> table(String heading) throws IOException {
        String text = Files.readString(DOC);
        String section = text.substring(text.indexOf("## " + heading + "\n") + 1);
        return section.lines()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
