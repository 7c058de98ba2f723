package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.Member;
import io.lightline.backplane.NodeInfo;
import io.lightline.backplane.PresenceStats;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.control.ControlMessage.Usage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bodies of the methods that read. Field names and meanings are those of Centrifugo's server API. */
public final class ReadingBodies {

    private ReadingBodies() {}

    /** An answer that may be large: its size is that of what it names and contains, without the JSON around it. */
    sealed interface Sized permits HistoryRead, PresenceRead, ChannelsListed {

        long bytes();
    }

    /** Where something stands in a channel's stream. */
    public record StreamPosition(long offset, @Nullable String epoch) {}

    /**
     * @param limit publications at most; 0 for the position only, -1 for as many as there may be
     * @param since only what comes after (reverse: before) it
     * @param reverse newest first
     */
    public record ReadHistory(
            @Nullable String channel, int limit, @Nullable StreamPosition since, boolean reverse) {}

    /** @param offset of the newest publication of all, as {@code epoch} */
    public record HistoryRead(List<Entry> publications, long offset, String epoch) implements Sized {
        static HistoryRead of(History history) {
            return new HistoryRead(
                    history.publications().stream().map(Entry::of).toList(),
                    history.top().offset(),
                    history.top().epoch());
        }

        @Override
        public long bytes() {
            return publications.stream().mapToLong(Entry::bytes).sum();
        }
    }

    /**
     * @param info who published it, when a client did
     * @param time when it was published, in epoch milliseconds
     */
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

        private long bytes() {
            long tagged = tags.entrySet().stream()
                    .mapToLong(tag -> tag.getKey().length() + tag.getValue().length())
                    .sum();
            return data.length() + (info == null ? 0 : info.length()) + tagged;
        }
    }

    /** One channel. */
    public record OfChannel(@Nullable String channel) {}

    /** @param presence by client id: {@code {"node", "user", "client", "conn_info", "chan_info"}} */
    public record PresenceRead(Map<String, RawJson> presence) implements Sized {
        static PresenceRead of(List<Member> members) {
            return new PresenceRead(
                    members.stream().collect(Collectors.toMap(Member::client, PresenceRead::entry, (one, _) -> one)));
        }

        /** What clients get, unchanged, and the name of the pod, which only the back end does. */
        private static RawJson entry(Member member) {
            String info = member.info().toString();
            String pod = new String(JsonStringEncoder.getInstance().quoteAsString(member.pod()));
            return RawJson.of("{\"node\":\"" + pod + "\"," + info.substring(info.indexOf('{') + 1));
        }

        @Override
        public long bytes() {
            return presence.values().stream().mapToLong(RawJson::length).sum();
        }
    }

    /** How many are on a channel. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record PresenceCounted(int numClients, int numUsers) {
        static PresenceCounted of(PresenceStats stats) {
            return new PresenceCounted(stats.clients(), stats.users());
        }
    }

    /** @param pattern of the channels' names, with {@code *}, {@code ?}, sets and alternatives; all channels when absent */
    public record ListChannels(@Nullable String pattern) {}

    /**
     * Channels with subscribers.
     *
     * @param missingNodes names of the pods that have not answered in time: what is on them only is not in the list
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ChannelsListed(
            Map<String, ChannelInfo> channels,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> missingNodes) implements Sized {

        @Override
        public long bytes() {
            return channels.keySet().stream().mapToLong(String::length).sum();
        }
    }

    /** @param numClients on all pods */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ChannelInfo(int numClients) {}

    /** Nothing needs to be said. */
    public record ListNodes() {}

    /** The pods that are alive. */
    public record NodesListed(List<Node> nodes) {}

    /**
     * A pod, and how much of it the tenant uses; what others use of it is not the tenant's business. The numbers are absent when the
     * pod has not answered in time.
     *
     * @param uptime in seconds
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Node(
            String uid,
            String name,
            String version,
            @Nullable Integer numClients,
            @Nullable Integer numUsers,
            @Nullable Integer numChannels,
            @Nullable Integer numSubs,
            long uptime) {

        static Node of(NodeInfo node, @Nullable Usage usage) {
            return usage == null
                    ? new Node(node.id(), node.name(), node.version(), null, null, null, null, node.uptimeSeconds())
                    : new Node(
                            node.id(),
                            node.name(),
                            node.version(),
                            usage.clients(),
                            usage.users(),
                            usage.channels(),
                            usage.subscriptions(),
                            node.uptimeSeconds());
        }
    }
}
