package io.lightline.simulator.event;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * An org's event bus: one order for all its topics, replay ids with gaps, and a retention after which an event is gone.
 *
 * <p>Thread-safe and never waits for a subscriber. A topic's listeners are called after each append to it, on the appending
 * thread, outside of the bus' lock and so perhaps in another order than the events: they should only go and {@link #read}.
 *
 * <p>Keeps the events once in the order of the bus, for the retention, and once per topic, so that a reader does not pass
 * through what others publish.
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
    private final Map<String, EventLog> topics = new HashMap<>();
    private final Map<String, Set<Runnable>> listeners = new ConcurrentHashMap<>();
    private EventLog all;
    private long start;
    private long tip;

    public EventBus(Clock clock, int maxEvents, Duration maxAge) {
        this.clock = clock;
        this.maxEvents = maxEvents;
        this.maxAge = maxAge;
        this.start = freshPosition();
        this.tip = start;
        this.all = new EventLog(start);
    }

    /** Some events in order, and the position up to which the bus was searched for them. */
    public record Slice(List<BusEvent> events, ReplayId reached) {}

    /** How many events the bus keeps at most. */
    public int capacity() {
        return maxEvents;
    }

    /** Puts the event at the end. */
    public BusEvent append(EventDraft draft) {
        var event = place(draft);
        wake(draft.topic());
        return event;
    }

    /** Puts events of one topic at the end, together: its listeners are called once. */
    public void append(String topic, List<EventDraft> drafts) {
        synchronized (this) {
            drafts.forEach(this::place);
        }
        wake(topic);
    }

    /**
     * At most {@code limit} events of the topics after a position; nothing at all when one that stood there is no longer
     * retained.
     */
    public synchronized Optional<Slice> read(ReplayId after, Collection<String> from, int limit) {
        trim();
        var logs = logs(from);
        if (after.position() < start || logs.stream().anyMatch(log -> after.position() < log.floor())) {
            return Optional.empty();
        }
        var found = merge(logs, after.position(), limit);
        return Optional.of(new Slice(
                found,
                found.size() == limit && limit > 0
                        ? found.getLast().replayId()
                        : new ReplayId(Math.max(tip, after.position()))));
    }

    /** Every retained event in order. */
    public synchronized List<BusEvent> events() {
        trim();
        return merge(List.of(all), start, Integer.MAX_VALUE);
    }

    /** How many retained events of the topics stand after a position. */
    public synchronized int countAfter(ReplayId position, Collection<String> from) {
        return logs(from).stream()
                .mapToInt(log -> log.size() - log.upTo(position.position()))
                .sum();
    }

    /** Whether a subscription may continue after the position: it was given out once, and nothing after it is lost. */
    public synchronized boolean knows(ReplayId id) {
        trim();
        return id.position() == all.floor() || all.contains(id.position());
    }

    /** The position before the oldest retained event. */
    public synchronized ReplayId earliest() {
        trim();
        return new ReplayId(all.floor());
    }

    /** The position of the newest event. */
    public synchronized ReplayId latest() {
        return new ReplayId(tip);
    }

    /** Forgets every event and every position, as when an org moves to another instance. */
    public synchronized void reset() {
        start = Math.max(tip + 1, freshPosition());
        tip = start;
        topics.clear();
        all = new EventLog(start);
    }

    /** Called when an event of one of the topics has come. */
    public void addListener(Collection<String> to, Runnable listener) {
        to.forEach(topic -> listeners
                .computeIfAbsent(topic, _ -> new CopyOnWriteArraySet<>())
                .add(listener));
    }

    public void removeListener(Collection<String> to, Runnable listener) {
        to.forEach(topic -> listeners.getOrDefault(topic, Set.of()).remove(listener));
    }

    private synchronized BusEvent place(EventDraft draft) {
        tip += 1 + steps.nextInt(LARGEST_STEP);
        var event = new BusEvent(
                new ReplayId(tip), clock.instant(), draft.topic(), draft.id(), draft.schemaId(), draft.payload());
        all.add(event);
        topics.computeIfAbsent(draft.topic(), _ -> new EventLog(start)).add(event);
        trim();
        return event;
    }

    private void wake(String topic) {
        listeners.getOrDefault(topic, Set.of()).forEach(Runnable::run);
    }

    private List<EventLog> logs(Collection<String> names) {
        var logs = new ArrayList<EventLog>(names.size());
        for (var name : names) {
            var log = topics.get(name);
            if (log != null) {
                logs.add(log);
            }
        }
        return logs;
    }

    private static List<BusEvent> merge(List<EventLog> logs, long after, int limit) {
        var next = logs.stream().mapToInt(log -> log.upTo(after)).toArray();
        var found = new ArrayList<BusEvent>();
        while (found.size() < limit) {
            int earliest = -1;
            for (int i = 0; i < next.length; i++) {
                if (next[i] < logs.get(i).size()
                        && (earliest < 0 || position(logs, next, i) < position(logs, next, earliest))) {
                    earliest = i;
                }
            }
            if (earliest < 0) {
                break;
            }
            found.add(logs.get(earliest).at(next[earliest]++));
        }
        return found;
    }

    private static long position(List<EventLog> logs, int[] next, int log) {
        return logs.get(log).at(next[log]).replayId().position();
    }

    /** What is the oldest on the bus is the oldest of its topic. */
    private void trim() {
        var oldest = clock.instant().minus(maxAge);
        while (all.size() > maxEvents || all.size() > 0 && all.at(0).at().isBefore(oldest)) {
            var log = topics.get(all.removeFirst().topic());
            if (log != null) {
                log.removeFirst();
            }
        }
    }

    /** Grows faster with time than events can be appended. */
    private long freshPosition() {
        return clock.millis() << EPOCH_SHIFT;
    }
}
