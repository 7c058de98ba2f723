package io.lightline.relay.hub;

import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.Encoding;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those of a channel's subscribers who want the same publications, by event loop and encoding. Delivery thread only. */
final class Audience {

    private final @Nullable Filter filter;
    private final FanoutMetrics metrics;
    private final Map<Place, LoopSubscribers> groups = new HashMap<>();

    private record Place(FanoutLoop loop, Encoding encoding) {

        static Place of(Subscriber subscriber) {
            return new Place(subscriber.loop(), subscriber.encoding());
        }
    }

    Audience(@Nullable Filter filter, FanoutMetrics metrics) {
        this.filter = filter;
        this.metrics = metrics;
    }

    boolean wants(Fields publication) {
        return filter == null || filter.matches(publication);
    }

    LoopSubscribers groupOf(Subscriber subscriber) {
        return groups.computeIfAbsent(
                Place.of(subscriber), place -> new LoopSubscribers(place.loop, place.encoding, metrics));
    }

    void dismiss(Membership leaving) {
        Place place = Place.of(leaving.subscriber());
        LoopSubscribers group = groups.get(place);
        // A group that was lost is not there any more, and another one may have taken its place.
        if (group != null && group == leaving.admittedTo()) {
            group.dismiss(leaving);
            if (group.count() == 0) {
                groups.remove(place);
            }
        }
    }

    /** @param onOverload a group whose loop is too far behind; dropped when it answers true */
    void deliver(Rendering rendering, Predicate<LoopSubscribers> onOverload) {
        groups.values().removeIf(group -> !group.deliver(rendering) && onOverload.test(group));
    }

    /** Who comes or goes, to those who want to hear it. At most once: an overloaded loop goes without. */
    void deliverPresence(Rendering rendering) {
        groups.values().forEach(group -> group.deliverPresence(rendering));
    }

    /** How many want to hear who comes and goes. */
    int presenceListeners() {
        int listeners = 0;
        for (LoopSubscribers group : groups.values()) {
            listeners += group.presenceListeners();
        }
        return listeners;
    }

    void lose() {
        groups.values().forEach(LoopSubscribers::lose);
    }

    int count() {
        int count = 0;
        for (LoopSubscribers group : groups.values()) {
            count += group.count();
        }
        return count;
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }
}
