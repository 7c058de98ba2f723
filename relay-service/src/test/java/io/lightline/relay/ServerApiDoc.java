package io.lightline.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The examples of {@code docs/server-api.md}. */
final class ServerApiDoc {

    private static final Path DOC = Path.of("..", "docs", "server-api.md");
    private static final Pattern METHOD = Pattern.compile(
            "^### (\\w+)$.*?^```json$(.*?)^```$\\s*^```json$(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper();

    private ServerApiDoc() {}

    record Example(JsonNode request, JsonNode answer) {}

    /** By method. */
    static Map<String, Example> examples() throws IOException {
        var examples = new LinkedHashMap<String, Example>();
        var found = METHOD.matcher(Files.readString(DOC));
        while (found.find()) {
            examples.put(found.group(1), new Example(JSON.readTree(found.group(2)), JSON.readTree(found.group(3))));
        }
        return examples;
    }
}
