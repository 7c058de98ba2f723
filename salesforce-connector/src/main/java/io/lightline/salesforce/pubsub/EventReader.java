package io.lightline.salesforce.pubsub;

import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.salesforce.event.ChangeEventHeader;
import io.lightline.salesforce.event.DecodedEvent;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.event.UndecodableEventException;
import org.jspecify.annotations.Nullable;

/** Makes what Salesforce sent on one topic into what the consumer gets. */
record EventReader(String orgId, String topic) {

    /**
     * @param previous the checkpoint that the event follows
     * @throws UndecodableEventException when there is no sense in it
     */
    SalesforceEvent read(ConsumerEvent raw, EventDecoder decoder, @Nullable ReplayId previous) {
        if (raw.getReplayId().isEmpty()) {
            throw new UndecodableEventException("An event without a replay id");
        }
        var replayId = ReplayId.of(raw.getReplayId().toByteArray());
        DecodedEvent decoded = decoder.decode(raw.getEvent().getPayload().toByteArray());
        return new SalesforceEvent(
                orgId,
                topic,
                replayId,
                previous,
                id(raw, decoded, replayId),
                decoded.name(),
                raw.getEvent().getSchemaId(),
                decoded.occurred(),
                decoded.change(),
                decoded.payload());
    }

    /** The same for an event that {@link #read} made no sense of. */
    UndecodableEvent unread(ConsumerEvent raw, @Nullable ReplayId previous, UndecodableEventException cause) {
        var replayId = ReplayId.of(raw.getReplayId().toByteArray());
        return new UndecodableEvent(
                orgId,
                topic,
                replayId,
                previous,
                raw.getEvent().getId().isEmpty()
                        ? replayId.base64()
                        : raw.getEvent().getId(),
                raw.getEvent().getSchemaId(),
                raw.getEvent().getPayload().toByteArray(),
                String.valueOf(cause.getMessage()));
    }

    /**
     * Salesforce promises an id for platform events only. A change is named by its transaction; not a gap, as those of one
     * transaction all have the sequence number 1.
     */
    private static String id(ConsumerEvent raw, DecodedEvent decoded, ReplayId replayId) {
        if (!raw.getEvent().getId().isEmpty()) {
            return raw.getEvent().getId();
        }
        ChangeEventHeader change = decoded.change();
        return change == null || change.isGap() ? replayId.base64() : change.eventKey();
    }
}
