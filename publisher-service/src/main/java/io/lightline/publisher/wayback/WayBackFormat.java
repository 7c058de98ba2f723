package io.lightline.publisher.wayback;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.backplane.RawJson;
import io.lightline.salesforce.publish.EventDraft;
import io.lightline.salesforce.publish.PublishOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What relays ask and are told. A question is {@code {"publish":{"id":"<uuid>","data":{…}}}}; an answer
 * {@code {"replayId":"<base64>"}} or {@code {"error":{"code":"invalid|refused|unavailable","message":"…","field":"…"}}}.
 */
final class WayBackFormat {

    private static final ObjectMapper JSON = new ObjectMapper();

    private WayBackFormat() {}

    /**
     * The data stays as it is, so that whoever checks it sees what was said.
     *
     * @throws IllegalArgumentException when it is none; without what it says
     */
    static EventDraft question(RawJson question) {
        byte[] utf8 = question.utf8();
        try (JsonParser parser = JSON.getFactory().createParser(utf8)) {
            String id = null;
            byte[] data = null;
            parser.nextToken();
            parser.nextToken();
            if (!"publish".equals(parser.currentName()) || parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("The question is not one that asks to publish");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "id" -> id = parser.getText();
                    case "data" -> data = value(utf8, parser);
                    default -> parser.skipChildren();
                }
            }
            if (id == null || data == null) {
                throw new IllegalArgumentException("The question has no id, or no data");
            }
            return new EventDraft(id, data);
        } catch (IOException e) {
            throw new IllegalArgumentException("The question is not JSON", e);
        }
    }

    private static byte[] value(byte[] utf8, JsonParser parser) throws IOException {
        if (!parser.currentToken().isStructStart()) {
            return JSON.readTree(parser).toString().getBytes(StandardCharsets.UTF_8);
        }
        int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        return Arrays.copyOfRange(
                utf8, start, Math.toIntExact(parser.currentLocation().getByteOffset()));
    }

    static RawJson answer(PublishOutcome outcome) {
        return switch (outcome) {
            case PublishOutcome.Published(var replayId) ->
                json(JsonNodeFactory.instance.objectNode().put("replayId", replayId.base64()));
            case PublishOutcome.Invalid(var field, var message) -> error("invalid", message, field);
            case PublishOutcome.Refused(var message) -> error("refused", message, null);
            case PublishOutcome.Unavailable(var message) -> error("unavailable", message, null);
        };
    }

    private static RawJson error(String code, String message, @Nullable String field) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode error = answer.putObject("error").put("code", code).put("message", message);
        if (field != null) {
            error.put("field", field);
        }
        return json(answer);
    }

    private static RawJson json(ObjectNode answer) {
        return RawJson.of(answer.toString());
    }
}
