package io.lightline.salesforce.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a topic, decoded.
 *
 * @param orgId Salesforce organisation that it comes from, as its token names it
 * @param topic what was subscribed to, for example {@code /event/Order__e}; a custom channel carries events of several names
 * @param replayId where it stands on the org's event bus: the checkpoint once it is dealt with
 * @param previous the checkpoint that was in force before it, so that a store can compare and set; null when the store
 *     has none
 * @param id names the event however often it is delivered. Salesforce's UUID; change events without one are named by
 *     their transaction, sequence number, entity and commit
 * @param name of the event's type: {@code Order__e}, {@code AccountChangeEvent}
 * @param schemaId of the Avro schema it was written with; a change of the type gives another one
 * @param occurred when it was published or its change committed; null when it does not say
 * @param change what happened to which records; null unless it is a change event
 * @param payload the fields as a JSON object in UTF-8. Shared, not copied: do not write to it
 */
public record SalesforceEvent(
        String orgId,
        String topic,
        ReplayId replayId,
        @Nullable ReplayId previous,
        String id,
        String name,
        String schemaId,
        @Nullable Instant occurred,
        @Nullable ChangeEventHeader change,
        byte[] payload)
        implements TopicItem {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int ENVELOPE = 256;

    /**
     * The event as a callback of {@code lightning/empApi} sees it in {@code response.data}: {@code {"schema", "payload",
     * "event": {"replayId", "EventUuid", "EventApiName"}}}. The replay id is base64 text, because it has outgrown a number.
     */
    public byte[] empApi() {
        var bytes = new ByteArrayOutputStream(payload.length + ENVELOPE);
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("schema", schemaId);
            json.writeFieldName("payload");
            json.writeRawValue(new SerializedString(new String(payload, StandardCharsets.UTF_8)));
            json.writeObjectFieldStart("event");
            json.writeStringField("replayId", replayId.base64());
            json.writeStringField("EventUuid", id);
            json.writeStringField("EventApiName", name);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Without the payload, which belongs in no log. */
    @Override
    public String toString() {
        return name + " " + id + " of " + topic + " at " + replayId;
    }
}
