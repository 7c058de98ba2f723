package io.lightline.relay.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.lightline.backplane.RawJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds out whether bytes from a client are one JSON value in UTF-8, so that they may go on as they are. Stateless. */
final class PayloadReader {

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(CommandReader.MAX_DEPTH)
                    .build())
            .build();

    /** Takes the array over. Empty when it is something else, or nested too deeply. */
    Optional<RawJson> read(byte[] bytes) {
        // From text: Jackson would guess the encoding of bytes, and take UTF-16 for JSON as well.
        try (JsonParser parser = json.createParser(utf8(bytes))) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null ? Optional.of(RawJson.of(bytes)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String utf8(byte[] bytes) throws IOException {
        // A decoder of its own reports what is malformed, where a String would replace it.
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
