package io.lightline.simulator.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.UUID;

/** Publishes the Platform Events of one definition, from JSON as the REST API takes it. Thread-safe. */
public final class PlatformEvents {

    private final RecordShape shape;
    private final EventBus bus;
    private final Clock clock;

    public PlatformEvents(RecordShape shape, EventBus bus, Clock clock) {
        this.shape = shape;
        this.bus = bus;
        this.clock = clock;
    }

    /** The schema of its events. */
    public EventSchema schema() {
        return shape.schema();
    }

    /**
     * Publishes at once.
     *
     * @throws InvalidFieldException when Salesforce would refuse the body
     */
    public BusEvent publish(JsonNode body, String userId) {
        var values = shape.parse(body);
        shape.requireComplete(values);
        values.put(shape.path("CreatedDate"), clock.millis());
        values.put(shape.path("CreatedById"), userId);
        var payload = AvroPayload.encode(shape.toRecord(values));
        var id = UUID.randomUUID().toString();
        return bus.append(
                new EventDraft("/event/" + shape.entity(), id, shape.schema().id(), payload));
    }
}
