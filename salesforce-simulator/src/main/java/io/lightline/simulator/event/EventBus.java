package io.lightline.simulator.event;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;

/**
 * An org's event bus: one order for all its topics, replay ids with gaps, and a retention after which an event is gone.
 *
 * <p>Thread-safe and never waits for a subscriber. Listeners are called after each append, on the appending thread, outside
 * of the bus' lock and so perhaps in another order than the events': they should only go and {@link #read}.
 *
 * <p>A new bus starts behind every position of an earlier one, also of an earlier process, so an old replay id is never
 * mistaken for a new one.
 */
public final class EventBus {

    private static final int LARGEST_STEP = 3;
    private static final int EPOCH_SHIFT = 8;

    private final Clock clock;
    private final int maxEvents;
    private final Duration maxAge;
    private final Random steps = new Random(0);
    private final NavigableMap<Long, BusEvent> events = new TreeMap<>();
    private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
    private long floor;
    private long tip;

    public EventBus(Clock clock, int maxEvents, Duration maxAge) {
        this.clock = clock;
        this.maxEvents = maxEvents;
        this.maxAge = maxAge;
        this.floor = freshPosition();
        this.tip = floor;
    }

    /** Some events in order, and the position up to which the bus was searched for them. */
    public record Slice(List<BusEvent> events, ReplayId reached) {}

    /** Puts the event at the end. */
    public BusEvent append(EventDraft draft) {
        var event = place(draft);
        listeners.forEach(Runnable::run);
        return event;
    }

    /**
     * At most {@code limit} events after a position that satisfy {@code wanted}; nothing at all when events after the
     * position are no longer retained.
     */
    public synchronized Optional<Slice> read(ReplayId after, Predicate<BusEvent> wanted, int limit) {
        trim();
        if (after.position() < floor) {
            return Optional.empty();
        }
        var found = new ArrayList<BusEvent>();
        for (var event : events.tailMap(after.position(), false).values()) {
            if (wanted.test(event)) {
                found.add(event);
                if (found.size() == limit) {
                    return Optional.of(new Slice(found, event.replayId()));
                }
            }
        }
        return Optional.of(new Slice(found, new ReplayId(Math.max(tip, after.position()))));
    }

    /** Whether a subscription may continue after the position: it was given out once, and nothing after it is lost. */
    public synchronized boolean knows(ReplayId id) {
        trim();
        return id.position() == floor || events.containsKey(id.position());
    }

    /** The position before the oldest retained event. */
    public synchronized ReplayId earliest() {
        trim();
        return new ReplayId(floor);
    }

    /** The position of the newest event. */
    public synchronized ReplayId latest() {
        return new ReplayId(tip);
    }

    /** Forgets every event and every position, as when an org moves to another instance. */
    public synchronized void reset() {
        events.clear();
        floor = Math.max(tip + 1, freshPosition());
        tip = floor;
    }

    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    private synchronized BusEvent place(EventDraft draft) {
        tip += 1 + steps.nextInt(LARGEST_STEP);
        var event = new BusEvent(
                new ReplayId(tip), clock.instant(), draft.topic(), draft.id(), draft.schemaId(), draft.payload());
        events.put(tip, event);
        trim();
        return event;
    }

    private void trim() {
        var oldest = clock.instant().minus(maxAge);
        while (events.size() > maxEvents
                || !events.isEmpty() && events.firstEntry().getValue().at().isBefore(oldest)) {
            floor = events.pollFirstEntry().getKey();
        }
    }

    /** Grows faster with time than events can be appended. */
    private long freshPosition() {
        return clock.millis() << EPOCH_SHIFT;
    }
}
