package io.lightline.salesforce.event;

import org.jspecify.annotations.Nullable;

/**
 * An event that cannot be read and never will be: Salesforce does not check what publishers write. It has its place in the
 * topic and moves the checkpoint like any other.
 *
 * @param replayId where it stands on the org's event bus
 * @param previous the checkpoint before it; null when the store has none
 * @param id Salesforce's UUID, or the replay id as base64 when it has none
 * @param schemaId of the Avro schema that it claims to be written with
 * @param payload its bytes as they came. Shared, not copied: do not write to them
 * @param reason why it cannot be read; nothing of the payload
 */
public record UndecodableEvent(
        String orgId,
        String topic,
        ReplayId replayId,
        @Nullable ReplayId previous,
        String id,
        String schemaId,
        byte[] payload,
        String reason)
        implements TopicItem {

    /** Without the payload, which belongs in no log. */
    @Override
    public String toString() {
        return "Undecodable event " + id + " of " + topic + " at " + replayId + ": " + reason;
    }
}
