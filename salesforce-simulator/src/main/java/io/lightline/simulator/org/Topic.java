package io.lightline.simulator.org;

import io.lightline.simulator.event.EventSchema;
import java.util.Optional;
import java.util.Set;

/** What can be subscribed to. A channel carries the events of several topics and so has no schema of its own. */
public sealed interface Topic {

    String name();

    boolean publishable();

    Optional<EventSchema> schema();

    /** The topics whose events a subscriber gets. */
    Set<String> sources();

    /** {@code /event/Order__e} or {@code /data/AccountChangeEvent}; only Salesforce publishes to the latter. */
    record EventTopic(String name, EventSchema eventSchema, boolean publishable) implements Topic {
        @Override
        public Optional<EventSchema> schema() {
            return Optional.of(eventSchema);
        }

        @Override
        public Set<String> sources() {
            return Set.of(name);
        }
    }

    /** {@code /data/ChangeEvents} with the changes of all objects, or a custom channel as {@code /event/Sales__chn}. */
    record Channel(String name, Set<String> sources) implements Topic {
        static final String ALL_CHANGES = "/data/ChangeEvents";

        public Channel {
            sources = Set.copyOf(sources);
        }

        @Override
        public boolean publishable() {
            return false;
        }

        @Override
        public Optional<EventSchema> schema() {
            return Optional.empty();
        }
    }
}
