package io.lightline.relay.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.lightline.backplane.RawJson;
import io.lightline.relay.protocol.RawJsonModule;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@link ControlMessage}s as JSON: {@code {"v": 1, "says": {"type": "disconnect", …}}}. A pod may add fields to what it says without a
 * new version; a new version is ignored by pods that only know this one. Callable from any thread.
 */
@Singleton
final class ControlCodec {

    private static final Logger LOG = Logger.getLogger(ControlCodec.class);
    private static final int VERSION = 1;

    /** Its own, so that nothing that is said about HTTP changes what pods say. */
    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(RawJsonModule.create())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Envelope(int v, @Nullable ControlMessage says) {}

    RawJson encode(ControlMessage message) {
        try {
            return RawJson.of(mapper.writeValueAsBytes(new Envelope(VERSION, message)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty for what this version does not know. */
    Optional<ControlMessage> decode(RawJson json) {
        try {
            @Nullable Envelope envelope = mapper.readValue(json.utf8(), Envelope.class);
            if (envelope != null && envelope.v == VERSION) {
                return Optional.ofNullable(envelope.says);
            }
            LOG.debug("Ignored a control message of another version");
        } catch (IOException e) {
            LOG.debugf("Ignored a control message failure=%s", e.getClass().getSimpleName());
        }
        return Optional.empty();
    }
}
