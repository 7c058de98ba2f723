package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A client's subscription to one channel: its position and all that it has heard, in order. Written by the client's
 * socket, read by the test.
 */
final class Subscription {

    private final String channel;
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private volatile Position start;
    private volatile Position position;

    Subscription(String channel, Position start) {
        this.channel = channel;
        this.start = start;
        this.position = start;
    }

    String channel() {
        return channel;
    }

    /** Of the last publication that it has heard of. */
    Position position() {
        return position;
    }

    List<Heard.Publication> publications() {
        return heard.stream()
                .filter(Heard.Publication.class::isInstance)
                .map(Heard.Publication.class::cast)
                .toList();
    }

    List<JsonNode> data() {
        return publications().stream().map(Heard.Publication::data).toList();
    }

    /** Answers to its recoveries. */
    List<Heard.Resumed> resumptions() {
        return heard.stream()
                .filter(Heard.Resumed.class::isInstance)
                .map(Heard.Resumed.class::cast)
                .toList();
    }

    /** Whether the relay has said that something was lost. */
    boolean wasToldOfALoss() {
        return resumptions().stream().anyMatch(resumed -> !resumed.recovered());
    }

    /**
     * Promise 2 of the relay: offsets go up by one from publication to publication, over recoveries too; only after an
     * explicit {@code recovered: false} they go on from the position that came with it.
     */
    void hasNoSilentGap() {
        Position last = start;
        for (Heard each : heard) {
            last = switch (each) {
                case Heard.Publication publication -> {
                    assertThat(publication.position())
                            .as("on %s, after %s", channel, last)
                            .isEqualTo(last.at(last.offset() + 1));
                    yield publication.position();
                }
                case Heard.Resumed resumed -> resumed.recovered() ? last : resumed.top();
            };
        }
    }

    /** What came, cut where the relay said that something was lost: within each part nothing may be missing. */
    List<List<JsonNode>> stretches() {
        var stretches = new ArrayList<List<JsonNode>>();
        stretches.add(new ArrayList<>());
        for (Heard each : heard) {
            switch (each) {
                case Heard.Publication publication -> stretches.getLast().add(publication.data());
                case Heard.Resumed resumed -> {
                    if (!resumed.recovered()) {
                        stretches.add(new ArrayList<>());
                    }
                }
            }
        }
        return stretches;
    }

    /** The reply to a subscribe command without recovery. */
    void began(JsonNode result) {
        start = Position.of(result);
        position = start;
    }

    /** The reply to a subscribe command with recovery. */
    void resumed(JsonNode result) {
        Position top = Position.of(result);
        heard.add(new Heard.Resumed(result.path("recovered").asBoolean(), top));
        position = new Position(top.epoch(), position.offset());
        result.path("publications").forEach(this::published);
        // The reply to a recovery says where its publications start; they have moved the position on.
        if (!result.path("recovered").asBoolean()) {
            position = top;
        }
    }

    /** A push, or a publication that a recovery brought. */
    void published(JsonNode publication) {
        position = position.at(publication.path("offset").asLong());
        heard.add(new Heard.Publication(position, publication.path("data"), System.nanoTime()));
    }
}
