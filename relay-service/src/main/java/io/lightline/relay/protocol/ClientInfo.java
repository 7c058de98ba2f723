package io.lightline.relay.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.lightline.backplane.RawJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What others see of a client. It travels between pods as JSON, which JSON clients get as it is; protobuf has fields for it.
 *
 * @param user empty for an anonymous one
 * @param client id of the connection
 * @param connection from the connection's token; null when that says nothing
 * @param channel from the subscription's token; null when that says nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClientInfo(
        String user,
        String client,
        @JsonProperty("conn_info") @Nullable RawJson connection,
        @JsonProperty("chan_info") @Nullable RawJson channel) {

    private static final ObjectMapper JSON = new ObjectMapper().registerModule(RawJsonModule.create());
    private static final ObjectWriter WRITER = JSON.writerFor(ClientInfo.class);
    private static final ObjectReader READER = JSON.readerFor(ClientInfo.class);

    /** Whoever wrote the JSON may have left out what is empty. */
    public ClientInfo {
        user = Objects.requireNonNullElse(user, "");
        client = Objects.requireNonNullElse(client, "");
    }

    public RawJson json() {
        try {
            return RawJson.of(WRITER.writeValueAsBytes(this));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of what somebody has published as such; null when it is something else. */
    static @Nullable ClientInfo read(RawJson json) {
        try {
            return READER.readValue(json.utf8());
        } catch (IOException e) {
            return null;
        }
    }
}
