package io.lightline.relay.protocol;

import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceStats;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to one {@link Command}. */
public sealed interface Reply {

    /**
     * @param client id of the connection
     * @param ttl after which the client must have refreshed its token; empty when it does not expire
     * @param ping how often the server pings
     * @param subscriptions that the server has made for the client, by channel
     */
    record Connected(
            String client,
            String version,
            String node,
            Optional<Duration> ttl,
            Duration ping,
            Map<String, Subscribed> subscriptions)
            implements Reply {}

    /**
     * @param position of the stream, after which live publications follow without a gap; null for a channel without history
     * @param recovery what became of the wish to recover; null when there was none
     * @param publications that come with the reply: what was missed, or the latest one of a channel that keeps just that
     * @param ttl after which the client must have refreshed the subscription's token; empty when it does not expire
     * @param data from the token, for the application; null for none
     */
    record Subscribed(
            @Nullable Position position,
            @Nullable Recovery recovery,
            List<Publication> publications,
            Optional<Duration> ttl,
            @Nullable RawJson data)
            implements Reply {

        /** As if the client had asked for what it missed, and could not get it. */
        public Subscribed notRecovered() {
            return new Subscribed(position, Recovery.IMPOSSIBLE, List.of(), ttl, data);
        }

        public Subscribed withoutPublications() {
            return new Subscribed(position, recovery, List.of(), ttl, data);
        }
    }

    record Unsubscribed() implements Reply {}

    record Published() implements Reply {}

    record HistoryRead(Position top, List<Publication> publications) implements Reply {}

    record PresenceRead(List<Member> members) implements Reply {}

    record PresenceCounted(PresenceStats stats) implements Reply {}

    record Refreshed(String client, String version, Optional<Duration> ttl) implements Reply {}

    record SubRefreshed(Optional<Duration> ttl) implements Reply {}

    record Pong() implements Reply {}

    record Failed(ErrorCode code, String message) implements Reply {
        public Failed(ErrorCode code) {
            this(code, code.message());
        }
    }

    /** Whether a client that asked for what it missed got all of it, or nothing. */
    enum Recovery {
        COMPLETE,
        IMPOSSIBLE
    }
}
