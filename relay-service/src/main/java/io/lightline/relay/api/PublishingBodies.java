package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of the methods that publish. Field names and meanings are those of Centrifugo's server API. */
public final class PublishingBodies {

    private PublishingBodies() {}

    /** What to publish, whatever the number of channels. */
    sealed interface Content permits Publish, Broadcast {

        @Nullable
        RawJson data();

        @Nullable
        String b64data();

        @Nullable
        Map<String, String> tags();

        boolean skipHistory();

        @Nullable
        String idempotencyKey();
    }

    /**
     * @param data any JSON value
     * @param b64data JSON in base64, instead of {@code data}
     * @param tags short strings that travel along
     * @param skipHistory to current subscribers only: it gets no offset and cannot be recovered
     * @param idempotencyKey a repetition within five minutes publishes nothing and answers as the first did
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Publish(
            @Nullable String channel,
            @Nullable RawJson data,
            @Nullable String b64data,
            @Nullable Map<String, String> tags,
            boolean skipHistory,
            @Nullable String idempotencyKey)
            implements Content {}

    /** As {@link Publish}, to many channels. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Broadcast(
            @Nullable List<String> channels,
            @Nullable RawJson data,
            @Nullable String b64data,
            @Nullable Map<String, String> tags,
            boolean skipHistory,
            @Nullable String idempotencyKey)
            implements Content {}

    /**
     * Where a publication stands; absent when it has no place in a stream.
     *
     * @param replayId of an event that went to Salesforce, in base64; it has no offset until it comes around
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    @JsonNaming(SnakeCaseStrategy.class)
    public record Published(long offset, String epoch, String replayId) {
        static Published at(Position position) {
            return new Published(position.offset(), position.epoch(), "");
        }

        static Published toSalesforce(String replayId) {
            return new Published(0, "", replayId);
        }
    }

    /** In the order of the channels. */
    public record Broadcasted(List<ApiAnswer<Published>> responses) {}
}
