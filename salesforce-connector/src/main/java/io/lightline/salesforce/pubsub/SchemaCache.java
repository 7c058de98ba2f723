package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.UndecodableEventException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A decoder for each schema, asked for once however many events wait for it. A schema's id is a hash of its content, so what
 * is known stays right; also that a schema is of no use. The least recently used go when there are very many. Not
 * thread-safe: to be used on the connector's thread, on which its answers come too.
 */
public final class SchemaCache {

    private static final int MOST = 1_000;

    private final PubSubClient client;
    private final TokenSource tokens;
    private final Executor thread;
    private final Map<String, CompletableFuture<EventDecoder>> decoders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<EventDecoder>> eldest) {
            return size() > MOST;
        }
    };

    /** @param thread the connector's */
    public SchemaCache(PubSubClient client, TokenSource tokens, Executor thread) {
        this.client = client;
        this.tokens = tokens;
        this.thread = thread;
    }

    /**
     * Fails with {@link UndecodableEventException} for good, or with what the server said, to be tried again. A call may
     * outlive the token that it was begun with, so this asks with the token of today, and with a new one when that has died.
     */
    CompletableFuture<EventDecoder> decoder(String schemaId) {
        CompletableFuture<EventDecoder> known = decoders.get(schemaId);
        if (known != null) {
            return known;
        }
        CompletableFuture<EventDecoder> asked =
                ask(schemaId, true).thenApply(EventDecoder::of).toCompletableFuture();
        decoders.put(schemaId, asked);
        // A failed login is heard of on its own thread.
        var _ = asked.whenCompleteAsync(
                (_, failure) -> {
                    if (failure != null && !(cause(failure) instanceof UndecodableEventException)) {
                        decoders.remove(schemaId, asked);
                    }
                },
                thread);
        return asked;
    }

    private CompletionStage<String> ask(String schemaId, boolean first) {
        return tokens.token().thenComposeAsync(token -> ask(token, schemaId, first), thread);
    }

    private CompletionStage<String> ask(Token token, String schemaId, boolean first) {
        return client.schema(token, schemaId).exceptionallyCompose(failure -> {
            if (first && PubSubFailure.of(cause(failure)).reaction() == PubSubFailure.Reaction.LOG_IN) {
                tokens.invalidate(token);
                return ask(schemaId, false);
            }
            return CompletableFuture.failedStage(cause(failure));
        });
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
