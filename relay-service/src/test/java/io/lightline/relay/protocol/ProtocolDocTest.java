package io.lightline.relay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Notices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} says what the code does. */
class ProtocolDocTest {

    private static final Path DOC = Path.of("..", "docs", "protocol.md");

    private static final Pattern EXAMPLE = Pattern.compile("^```json$(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** What the examples say reaches every subscriber is what a codec makes of such a publication. */
    @Test
    void noticesLookAsTheExamplesShow() throws IOException {
        // given
        List<JsonNode> examples = examples("When something is missing");

        // then
        assertThat(examples).hasSize(2).allSatisfy(example -> {
            JsonNode pub = example.at("/push/pub");
            Map<String, String> tags = JSON.convertValue(pub.path("tags"), new TypeReference<>() {});
            var draft = new Draft(RawJson.of(pub.path("data").toString()), null, tags, Instant.EPOCH);
            var push = new Push.Published(
                    example.at("/push/channel").asText(),
                    new Publication(pub.path("offset").asLong(), draft));
            ServerFrame frame = codec.encode(push);
            JsonNode sent = JSON.readTree(frame.text());
            frame.release();
            ((ObjectNode) sent.at("/push/pub")).remove("time");
            assertThat(sent).isEqualTo(example);
            assertThat(Notices.include(draft)).isTrue();
        });
        assertThat(examples)
                .extracting(example -> example.at("/push/pub/tags/lightline").asText())
                .containsExactly("gap", "resync");
    }

    private static List<JsonNode> examples(String heading) throws IOException {
        var found = EXAMPLE.matcher(section(heading));
        var examples = new ArrayList<JsonNode>();
        while (found.find()) {
            examples.add(JSON.readTree(found.group(1)));
        }
        return examples;
    }

    private static String section(String heading) throws IOException {
        String text = Files.readString(DOC);
        String rest = text.substring(text.indexOf("\n## " + heading + "\n") + 1);
        int next = rest.indexOf("\n## ");
        return next < 0 ? rest : rest.substring(0, next);
    }

    /** The rows of the first table under a heading. */
    private static List<List<String>> table(String heading) throws IOException {
        return section(heading)
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
