package io.lightline.simulator.load;

import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.NumberedEvents;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;
import io.lightline.simulator.pubsub.Streams;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The sources of all orgs. Thread-safe. */
@ApplicationScoped
public class Loads {

    private final Streams streams;
    private final Map<Org, Map<Long, Load>> loads = new ConcurrentHashMap<>();
    private final AtomicLong started = new AtomicLong();

    Loads(Streams streams) {
        this.streams = streams;
    }

    /**
     * Starts a source.
     *
     * @param eventsPerSecond 0 for as fast as its subscribers take them
     * @param count 0 for without end
     * @throws IllegalArgumentException when nobody may publish to the topic
     */
    public LoadInfo start(Org org, String topic, double eventsPerSecond, int bytes, long count) {
        var schema = org.topic(topic)
                .filter(Topic::publishable)
                .flatMap(Topic::schema)
                .orElseThrow(() -> new IllegalArgumentException("Nobody can publish to " + topic));
        var load = new Load(
                org.bus(),
                topic,
                events(org, topic, schema, bytes),
                eventsPerSecond,
                count,
                () -> streams.behind(org, topic));
        long id = started.incrementAndGet();
        of(org).put(id, load);
        Thread.ofPlatform().daemon().name("load-" + id).start(load);
        return load.info(Long.toString(id));
    }

    /** The org's sources, also those that have ended. */
    public List<LoadInfo> all(Org org) {
        return of(org).entrySet().stream()
                .map(entry -> entry.getValue().info(entry.getKey().toString()))
                .toList();
    }

    public Optional<LoadInfo> find(Org org, long id) {
        return Optional.ofNullable(of(org).get(id)).map(load -> load.info(Long.toString(id)));
    }

    /** Stops a source and forgets it; false when there is none with this id. */
    public boolean stop(Org org, long id) {
        var load = of(org).remove(id);
        if (load != null) {
            load.stop();
        }
        return load != null;
    }

    @PreDestroy
    void stopAll() {
        loads.values().forEach(each -> each.values().forEach(Load::stop));
    }

    private Map<Long, Load> of(Org org) {
        return loads.computeIfAbsent(org, _ -> new ConcurrentSkipListMap<>());
    }

    private static NumberedEvents events(Org org, String topic, EventSchema schema, int bytes) {
        return new NumberedEvents(
                Clock.systemUTC(), topic, schema, org.runAsUser().id().value(), bytes);
    }
}
