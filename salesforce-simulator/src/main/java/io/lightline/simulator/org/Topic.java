package io.lightline.simulator.org;

import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.EventSchema;
import java.util.Optional;

/** What can be subscribed to. A channel carries the events of several topics and so has no schema of its own. */
public sealed interface Topic {

    String name();

    boolean publishable();

    Optional<EventSchema> schema();

    /** Whether a subscriber of the topic gets the event. */
    boolean carries(BusEvent event);

    /** {@code /event/Order__e} or {@code /data/AccountChangeEvent}; only Salesforce publishes to the latter. */
    record EventTopic(String name, EventSchema eventSchema, boolean publishable) implements Topic {
        @Override
        public Optional<EventSchema> schema() {
            return Optional.of(eventSchema);
        }

        @Override
        public boolean carries(BusEvent event) {
            return event.topic().equals(name);
        }
    }

    /** {@code /data/ChangeEvents}: the changes of all objects. */
    record AllChanges() implements Topic {
        static final String NAME = "/data/ChangeEvents";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public boolean publishable() {
            return false;
        }

        @Override
        public Optional<EventSchema> schema() {
            return Optional.empty();
        }

        @Override
        public boolean carries(BusEvent event) {
            return event.topic().startsWith("/data/");
        }
    }
}
