package io.lightline.relay.hub;

import io.lightline.backplane.Publication;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What came in, what went out, and by name what did not. Two sums hold at rest:
 *
 * <ul>
 *   <li>{@code lightline.publications.received} = {@code .broadcast} + {@code .dropped{reason}}, once a publication and pod;
 *   <li>{@code lightline.deliveries.due} = {@code .delivered} + {@code .dropped{reason}}, once a publication and subscriber.
 * </ul>
 *
 * {@code lightline.presence.events{result}} counts join and leave events, once an event and subscriber that wants to hear it.
 * {@code lightline.publications.lag} is the time from a publication's own time to its arrival here, and as right as the pods'
 * clocks are. Worth an alert: a growing lag, deliveries dropped as {@code slow}, publications dropped as {@code overflow}, any {@code forgotten}.
 */
@Singleton
public final class FanoutMetrics {

    /** Why a publication was not broadcast. Nothing is lost by any of them: what is missing is read from the stream. */
    enum Drop {
        /** It was broadcast already: it came live and by reading. */
        DUPLICATE,
        /** It came before one that is missing, or in another life of the stream: the reading that follows brings what is due. */
        OUT_OF_TURN,
        /** Too many waited for the end of a reading; the gap that this makes is read next. */
        OVERFLOW,
        /** No subscriber's filter lets it through. */
        FILTERED,
        /** The last subscriber had just left. */
        UNHEARD
    }

    /** What becomes of a join or leave event. */
    enum Presence {
        PUSHED,
        /** There are too many of them, or the loop is too far behind. */
        DROPPED
    }

    private final Counter received;
    private final Timer lag;
    private final Counter broadcast;
    private final Counter due;
    private final Counter delivered;
    private final Counter bytes;
    private final Counter gaps;
    private final Counter forgotten;
    private final Counter overloaded;
    private final Map<Drop, Counter> publicationDrops = new EnumMap<>(Drop.class);
    private final Map<Delivery, Counter> deliveryDrops = new EnumMap<>(Delivery.class);
    private final Map<Presence, Counter> presence = new EnumMap<>(Presence.class);

    FanoutMetrics(MeterRegistry registry) {
        received = registry.counter("lightline.publications.received");
        lag = registry.timer("lightline.publications.lag");
        broadcast = registry.counter("lightline.publications.broadcast");
        due = registry.counter("lightline.deliveries.due");
        delivered = registry.counter("lightline.deliveries.delivered");
        bytes = registry.counter("lightline.deliveries.bytes");
        gaps = registry.counter("lightline.feeds.gaps");
        forgotten = registry.counter("lightline.feeds.forgotten");
        overloaded = registry.counter("lightline.feeds.overloaded");
        for (Drop reason : Drop.values()) {
            publicationDrops.put(reason, registry.counter("lightline.publications.dropped", "reason", name(reason)));
        }
        for (Presence result : Presence.values()) {
            presence.put(result, registry.counter("lightline.presence.events", "result", name(result)));
        }
        for (Delivery reason : EnumSet.complementOf(EnumSet.of(Delivery.DELIVERED))) {
            deliveryDrops.put(reason, registry.counter("lightline.deliveries.dropped", "reason", name(reason)));
        }
    }

    private static String name(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** From the stream. */
    void received() {
        received.increment();
    }

    /** From the backplane's live messages. */
    void receivedLive(Publication publication) {
        received.increment();
        Duration age = Duration.between(publication.draft().time(), Instant.now());
        lag.record(age.isNegative() ? Duration.ZERO : age);
    }

    void broadcast() {
        broadcast.increment();
    }

    void dropped(Drop reason) {
        Objects.requireNonNull(publicationDrops.get(reason)).increment();
    }

    void due(int subscribers) {
        due.increment(subscribers);
    }

    /** @param size of the frame that each of them got */
    void delivered(int subscribers, int size) {
        delivered.increment(subscribers);
        bytes.increment((double) subscribers * size);
    }

    void dropped(Delivery reason) {
        Objects.requireNonNull(deliveryDrops.get(reason)).increment();
    }

    /** Somebody came or went, and so many want to hear it. */
    void presence(Presence result, int listeners) {
        Objects.requireNonNull(presence.get(result)).increment(listeners);
    }

    /** A publication came that does not follow the last one: something is missing and is being read. */
    void gap() {
        gaps.increment();
    }

    /** A channel's stream no longer had what was missing: its subscribers were told. */
    void forgotten() {
        forgotten.increment();
    }

    /** An event loop was too far behind: its subscribers of a channel were told to come back. */
    void overloaded() {
        overloaded.increment();
    }
}
