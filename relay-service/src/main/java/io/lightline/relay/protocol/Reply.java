package io.lightline.relay.protocol;

import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to one {@link Command}. */
public sealed interface Reply {

    /**
     * @param client id of the connection
     * @param ttl after which the client must have refreshed its token; empty when it does not expire
     * @param ping how often the server pings
     */
    record Connected(String client, String version, String node, Optional<Duration> ttl, Duration ping)
            implements Reply {}

    /**
     * @param position of the stream, after which live publications follow without a gap; null for a channel without history
     * @param recovery what became of the wish to recover; null when there was none
     */
    record Subscribed(@Nullable Position position, @Nullable Recovered recovery) implements Reply {}

    record Unsubscribed() implements Reply {}

    record Published() implements Reply {}

    record HistoryRead(Position top, List<Publication> publications) implements Reply {}

    record Refreshed(String client, String version, Optional<Duration> ttl) implements Reply {}

    record Pong() implements Reply {}

    record Failed(ErrorCode code, String message) implements Reply {
        public Failed(ErrorCode code) {
            this(code, code.message());
        }
    }

    /**
     * All that the client missed, or nothing of it.
     *
     * @param complete every missed publication is here
     * @param publications in order; none when not complete
     */
    record Recovered(boolean complete, List<Publication> publications) {

        public static final Recovered NOT = new Recovered(false, List.of());

        public static Recovered with(List<Publication> publications) {
            return new Recovered(true, publications);
        }
    }
}
