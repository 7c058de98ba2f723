package io.lightline.simulator.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.simulator.event.PlatformEvents;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Session;
import java.util.List;
import java.util.Optional;

/** How REST publishes Platform Events, and what it answers. */
final class EventPublishing {

    /** Salesforce answers with the same meaningless record id for every event. */
    private static final String EVENT_RECORD_ID = "e01xx0000000001AAA";

    private EventPublishing() {}

    /** What is answered for each record. */
    record Created(Optional<String> id, boolean success, List<Note> errors) {

        static Created record(String id) {
            return new Created(Optional.of(id), true, List.of());
        }

        static Created refused(String code, String message) {
            return new Created(Optional.empty(), false, List.of(new Note(code, message, List.of())));
        }
    }

    /** What is wrong; or no error, in spite of its place: an event's id, by which a publisher knows it again. */
    record Note(String statusCode, String message, List<String> fields) {}

    /** The events of the name. A standard event is Salesforce's own, and nobody else's to publish. */
    static Optional<PlatformEvents> events(Org org, String name) {
        return org.definitions().events(name).filter(_ -> name.endsWith("__e"));
    }

    static Created publish(PlatformEvents events, JsonNode body, Session session) {
        session.org().publications().use(1);
        var event = events.publish(body, session.user().id().value());
        return new Created(
                Optional.of(EVENT_RECORD_ID), true, List.of(new Note("OPERATION_ENQUEUED", event.id(), List.of())));
    }
}
