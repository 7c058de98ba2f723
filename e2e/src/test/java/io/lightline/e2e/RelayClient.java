package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of one relay that speaks the client protocol by hand and remembers what it hears. As the official SDKs do, it
 * answers pings, and subscribes again at its position when the relay ends a subscription with a code of 2500 or more; it
 * does not reconnect. Its methods block until the relay has answered.
 */
final class RelayClient implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration RESUBSCRIBE_PAUSE = Duration.ofMillis(200);
    private static final int RESUBSCRIBE_FROM = 2500;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .executor(Executors.newFixedThreadPool(
                    4, Thread.ofPlatform().daemon().name("relay-client-", 0).factory()))
            .build();

    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private volatile String node = "";
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

    private RelayClient(WebSocket.Builder builder, URI relay) {
        this.socket = builder.buildAsync(relay, new Listener()).join();
    }

    /** Opens a socket and says {@code connect}, without a token. */
    static RelayClient connect(URI relay) {
        return connect(relay, "");
    }

    /** As {@link #connect}, but comes back when a relay that too many came to at once says so. */
    static RelayClient connectPatiently(URI relay) {
        try {
            return connect(relay);
        } catch (CompletionException e) {
            Executor later = CompletableFuture.delayedExecutor(
                    retryAfter(e).orElseThrow(() -> e), TimeUnit.SECONDS, Thread::startVirtualThread);
            return CompletableFuture.supplyAsync(() -> connectPatiently(relay), later)
                    .join();
        }
    }

    private static Optional<Long> retryAfter(CompletionException failure) {
        return failure.getCause() instanceof WebSocketHandshakeException refused
                ? refused.getResponse().headers().firstValue("Retry-After").map(Long::valueOf)
                : Optional.empty();
    }

    static RelayClient connect(URI relay, String token) {
        return connect(HTTP.newWebSocketBuilder(), relay, token);
    }

    /** @param builder knows more of the way there, for example whom to trust */
    static RelayClient connect(WebSocket.Builder builder, URI relay, String token) {
        var client = new RelayClient(builder, relay);
        await(client.send(
                "connect",
                Json.object().put("token", token),
                reply -> client.node = reply.path("node").asText()));
        return client;
    }

    /** The name of the relay's pod. */
    String node() {
        return node;
    }

    /** From now on. */
    Subscription subscribe(String channel) {
        var subscription = new Subscription(channel, new Position("", 0));
        subscriptions.put(channel, subscription);
        await(send("subscribe", Json.object().put("channel", channel), subscription::began));
        return subscription;
    }

    /** With what was published since the position, if the relay still has it. */
    Subscription recover(String channel, Position since) {
        var subscription = new Subscription(channel, since);
        subscriptions.put(channel, subscription);
        await(resubscribe(subscription));
        return subscription;
    }

    /**
     * Returns when the relay has acknowledged.
     *
     * @throws RelayErrorException when it refuses
     */
    void publish(String channel, JsonNode data) {
        await(publishAsync(channel, data));
    }

    /** Several may be under way; they take effect in the order of the calls. */
    CompletableFuture<JsonNode> publishAsync(String channel, JsonNode data) {
        return send("publish", Json.object().put("channel", channel).set("data", data), _ -> {});
    }

    /** Completes with the close code when the relay closes the socket. */
    CompletableFuture<Integer> closed() {
        return closed;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private CompletableFuture<JsonNode> resubscribe(Subscription subscription) {
        Position since = subscription.position();
        var request = Json.object()
                .put("channel", subscription.channel())
                .put("recover", true)
                .put("epoch", since.epoch())
                .put("offset", since.offset());
        return send("subscribe", request, subscription::resumed);
    }

    /** @param onResult called on the socket's thread, before anything that the relay has sent later */
    private CompletableFuture<JsonNode> send(String command, ObjectNode request, Consumer<JsonNode> onResult) {
        int id = lastId.incrementAndGet();
        var reply = new CompletableFuture<JsonNode>();
        waiting.put(id, reply);
        CompletableFuture<JsonNode> result = reply.thenApply(answer -> {
            if (answer.has("error")) {
                throw new RelayErrorException(command, answer.path("error"));
            }
            onResult.accept(answer.path(command));
            return answer.path(command);
        });
        write(Json.object().put("id", id).set(command, request));
        return result;
    }

    /** A socket takes one message at a time. */
    private synchronized void write(JsonNode message) {
        sending = sending.thenCompose(_ -> socket.sendText(message.toString(), true));
    }

    private static JsonNode await(CompletableFuture<JsonNode> answer) {
        try {
            return answer.copy()
                    .orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RelayErrorException refused ? refused : e;
        }
    }

    private void handle(JsonNode message) {
        if (message.has("push")) {
            pushed(message.path("push"));
        } else if (message.has("id")) {
            var reply = waiting.remove(message.path("id").asInt());
            if (reply != null) {
                reply.complete(message);
            }
        } else {
            // A ping; a pong looks the same.
            write(message);
        }
    }

    private void pushed(JsonNode push) {
        var subscription = subscriptions.get(push.path("channel").asText());
        if (subscription == null) {
            return;
        }
        if (push.has("pub")) {
            subscription.published(push.path("pub"));
        } else if (push.path("unsubscribe").path("code").asInt() >= RESUBSCRIBE_FROM) {
            resubscribeUntilItWorks(subscription);
        }
    }

    private void resubscribeUntilItWorks(Subscription subscription) {
        Executor later = CompletableFuture.delayedExecutor(RESUBSCRIBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        var unused = resubscribe(subscription).whenComplete((_, refusal) -> {
            if (refusal != null && !closed.isDone()) {
                later.execute(() -> resubscribeUntilItWorks(subscription));
            }
        });
    }

    private void ended(int code, Throwable cause) {
        closed.complete(code);
        waiting.values().forEach(reply -> reply.completeExceptionally(cause));
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder frame = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            frame.append(data);
            if (last) {
                String text = frame.toString();
                frame.setLength(0);
                text.lines().map(Json::parse).forEach(RelayClient.this::handle);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            ended(code, new IllegalStateException("The relay closed with " + code + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended(1006, error);
        }
    }
}
