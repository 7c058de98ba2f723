package io.lightline.relay.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lightline.backplane.Draft;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What filters look at in one publication: its tags, and below {@code data.} its payload, which is parsed when the first filter
 * asks for it and once for all of them. For one thread.
 */
public final class Fields {

    static final String PAYLOAD = "data.";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Draft draft;
    private @Nullable JsonNode payload;

    public Fields(Draft draft) {
        this.draft = draft;
    }

    /** A field that is there. */
    sealed interface Field {

        record Text(String text) implements Field {}

        record Number(String text) implements Field {}

        /** An object or an array: it is there, and compares with nothing. */
        record Structure() implements Field {}
    }

    /** Null when it is absent, or null in the payload. */
    @Nullable
    Field find(String key) {
        if (key.startsWith(PAYLOAD)) {
            return field(at(key.substring(PAYLOAD.length())));
        }
        String tag = draft.tags().get(key);
        return tag == null ? null : new Field.Text(tag);
    }

    private static @Nullable Field field(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BOOLEAN -> new Field.Text(node.asText());
            case NUMBER -> new Field.Number(node.asText());
            case OBJECT, ARRAY, POJO, BINARY -> new Field.Structure();
            case NULL, MISSING -> null;
        };
    }

    /** Names are separated by dots; the name of a field of Salesforce has none. */
    private JsonNode at(String path) {
        JsonNode node = payload();
        for (int start = 0; start <= path.length(); ) {
            int dot = path.indexOf('.', start);
            int end = dot < 0 ? path.length() : dot;
            node = node.path(path.substring(start, end));
            start = end + 1;
        }
        return node;
    }

    private JsonNode payload() {
        if (payload == null) {
            payload = parsed();
        }
        return payload;
    }

    private JsonNode parsed() {
        try {
            return JSON.readTree(draft.data().utf8());
        } catch (IOException e) {
            // Nested deeper than Jackson reads: it has no fields that anybody could name.
            return MissingNode.getInstance();
        }
    }
}
