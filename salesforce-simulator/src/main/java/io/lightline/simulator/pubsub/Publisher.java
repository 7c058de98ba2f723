package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.lightline.pubsub.v1.Error;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.PublishResult;
import io.lightline.simulator.event.EventDraft;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.org.Org;
import java.util.UUID;

/**
 * Publishes what {@code Publish} and {@code PublishStream} bring. As with Salesforce nobody looks into a payload: bytes that
 * the schema does not describe reach the subscribers as they are.
 */
final class Publisher {

    private static final int MOST_BYTES = 4 << 20;

    /** In the words of the proxy before Salesforce, which ends what is too large. */
    private static final String TOO_LARGE =
            "upstream connect error or disconnect/reset before headers. reset reason: remote reset";

    private Publisher() {}

    /** One result per event, in their order. Throws the gRPC status of a request that is wrong as a whole. */
    static PublishResponse publish(Org org, String topicName, PublishRequest request) {
        if (topicName.isEmpty()) {
            throw PubSubError.PUBLISH_TOPIC_EMPTY.exception();
        }
        if (request.getEventsCount() == 0) {
            throw PubSubError.PUBLISH_COUNT_INVALID.exception();
        }
        if (request.getSerializedSize() > MOST_BYTES) {
            throw Status.UNAVAILABLE.withDescription(TOO_LARGE).asRuntimeException();
        }
        var topic = org.topic(topicName).orElseThrow(PubSubError.TOPIC_NOT_FOUND::exception);
        if (!topic.publishable() || org.definitions().denied(topicName)) {
            throw PubSubError.TOPIC_NOT_PUBLISHABLE.exception();
        }
        var schemaId = topic.schema().map(EventSchema::id).orElse("");
        return PublishResponse.newBuilder()
                .addAllResults(request.getEventsList().stream()
                        .map(event -> publish(org, topicName, event))
                        .toList())
                .setSchemaId(schemaId)
                .setRpcId(UUID.randomUUID().toString())
                .build();
    }

    private static PublishResult publish(Org org, String topic, ProducerEvent event) {
        var result = PublishResult.newBuilder().setCorrelationKey(event.getId());
        if (!describes(org, topic, event.getSchemaId())) {
            return result.setError(
                            Error.newBuilder().setCode(ErrorCode.PUBLISH).setMsg(PubSubError.SCHEMA_INVALID.text()))
                    .build();
        }
        org.publications().use(1);
        var id = event.getId().isEmpty() ? UUID.randomUUID().toString() : event.getId();
        var published = org.bus().append(new EventDraft(topic, id, event.getSchemaId(), event.getPayload()));
        return result.setReplayId(published.replayId().bytes()).build();
    }

    /** An older schema of the topic's event is as good as the newest. */
    private static boolean describes(Org org, String topic, String schemaId) {
        return org.schema(schemaId)
                .filter(schema -> topic.equals("/event/" + schema.name()))
                .isPresent();
    }
}
