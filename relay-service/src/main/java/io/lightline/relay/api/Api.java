package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.NodeInfo;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of the server API. Field names and meanings are those of Centrifugo's. */
public final class Api {

    private Api() {}

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

    /** Where a publication stands; both absent when it has no place in a stream. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Published(long offset, String epoch) {
        static Published at(Position position) {
            return new Published(position.offset(), position.epoch());
        }
    }

    /** In the order of the channels. */
    public record Broadcasted(List<ApiAnswer<Published>> responses) {}

    /**
     * @param limit publications at most; 0 for the position only
     * @param since only what comes after (reverse: before) it
     */
    public record HistoryRequest(
            @Nullable String channel, int limit, @Nullable Since since, boolean reverse) {}

    public record Since(long offset, @Nullable String epoch) {}

    public record HistoryResult(List<Entry> publications, long offset, String epoch) {
        static HistoryResult of(History history) {
            return new HistoryResult(
                    history.publications().stream().map(Entry::of).toList(),
                    history.top().offset(),
                    history.top().epoch());
        }
    }

    /** @param time when it was published, in epoch milliseconds */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Entry(long offset, RawJson data, @Nullable RawJson info, Map<String, String> tags, long time) {
        static Entry of(Publication publication) {
            Draft draft = publication.draft();
            return new Entry(
                    publication.offset(),
                    draft.data(),
                    draft.info(),
                    draft.tags(),
                    draft.time().toEpochMilli());
        }
    }

    public record Info(List<Node> nodes) {}

    /** @param uptime in seconds */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Node(
            String uid,
            String name,
            String version,
            int numClients,
            int numUsers,
            int numChannels,
            int numSubs,
            long uptime) {
        static Node of(NodeInfo node) {
            return new Node(
                    node.id(),
                    node.name(),
                    node.version(),
                    node.clients(),
                    node.users(),
                    node.channels(),
                    node.subscriptions(),
                    node.uptimeSeconds());
        }
    }
}
