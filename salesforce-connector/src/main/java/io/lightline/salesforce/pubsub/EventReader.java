package io.lightline.salesforce.pubsub;

import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.salesforce.event.DecodedEvent;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
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

    /** Salesforce promises an id for platform events only. */
    private static String id(ConsumerEvent raw, DecodedEvent decoded, ReplayId replayId) {
        if (!raw.getEvent().getId().isEmpty()) {
            return raw.getEvent().getId();
        }
        return decoded.change() == null ? replayId.base64() : decoded.change().eventKey();
    }
}
