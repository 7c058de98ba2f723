package io.lightline.salesforce.publish;

import io.lightline.pubsub.v1.TopicInfo;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.pubsub.PubSubClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a topic takes now. */
record TopicTarget(String schemaId, EventEncoder encoder) {

    /** Fails with {@link NotPublishableException}, with what the server said, or because the schema makes no sense. */
    static CompletionStage<TopicTarget> of(PubSubClient client, Token token, String topic) {
        return client.topic(token, topic).thenCompose(info -> read(client, token, info));
    }

    private static CompletionStage<TopicTarget> read(PubSubClient client, Token token, TopicInfo info) {
        if (!info.getCanPublish()) {
            return CompletableFuture.failedStage(new NotPublishableException(info.getTopicName()));
        }
        return client.schema(token, info.getSchemaId())
                .thenApply(json -> new TopicTarget(info.getSchemaId(), EventEncoder.of(json)));
    }

    /** Salesforce does not let us. */
    static final class NotPublishableException extends RuntimeException {

        NotPublishableException(String topic) {
            super("Salesforce lets this user not publish to " + topic);
        }
    }
}
