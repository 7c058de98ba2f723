package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.UndecodableEventException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A decoder for each schema, asked for once however many events wait for it. A schema's id is a hash of its content, so what
 * is known stays right; also that a schema is of no use. The least recently used go when there are very many. Not
 * thread-safe: to be used on the connector's thread, on which its answers come too.
 */
public final class SchemaCache {

    private static final int MOST = 1_000;

    private final PubSubClient client;
    private final Map<String, CompletableFuture<EventDecoder>> decoders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<EventDecoder>> eldest) {
            return size() > MOST;
        }
    };

    public SchemaCache(PubSubClient client) {
        this.client = client;
    }

    /**
     * Fails with {@link UndecodableEventException} for good, or with what the server said, to be tried again.
     *
     * @param token to ask with, unless somebody has asked before
     */
    CompletableFuture<EventDecoder> decoder(Token token, String schemaId) {
        CompletableFuture<EventDecoder> known = decoders.get(schemaId);
        if (known != null) {
            return known;
        }
        CompletableFuture<EventDecoder> asked =
                client.schema(token, schemaId).thenApply(EventDecoder::of).toCompletableFuture();
        decoders.put(schemaId, asked);
        var _ = asked.whenComplete((_, failure) -> {
            if (failure != null && !(cause(failure) instanceof UndecodableEventException)) {
                decoders.remove(schemaId, asked);
            }
        });
        return asked;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
