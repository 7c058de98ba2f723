package io.lightline.relay.roundtrip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One connection to a relay, for one thread: each method blocks until the relay has answered. */
final class Wire implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI uri;
    private final Inbox inbox = new Inbox();
    private final WebSocket socket;
    private final String node;
    private int commands;

    /** Connects, and says who we are. */
    Wire(HttpClient client, URI uri, TestToken token) {
        this.uri = uri;
        try {
            this.socket = client.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .buildAsync(uri, inbox)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("No WebSocket to " + uri, e.getCause());
        }
        this.node = ask("connect", Map.of("token", token.text())).path("node").asText();
    }

    /** The pod at the other end. */
    String node() {
        return node;
    }

    void subscribe(String channel) {
        ask("subscribe", Map.of("channel", channel));
    }

    void publish(String channel, String text) {
        ask("publish", Map.of("channel", channel, "data", text));
    }

    /** The next publication of a channel that this connection has subscribed to. */
    String nextPublication() {
        return next("a publication", message -> message.at("/push/pub").isObject())
                .at("/push/pub/data")
                .asText();
    }

    private JsonNode ask(String method, Map<String, String> arguments) {
        int id = ++commands;
        socket.sendText(JSON.valueToTree(Map.of("id", id, method, arguments)).toString(), true)
                .join();
        JsonNode reply =
                next("the answer to " + method, message -> message.path("id").asInt() == id);
        if (reply.has("error")) {
            throw new IllegalStateException(uri + " refuses " + method + ": " + reply.get("error"));
        }
        return reply.path(method);
    }

    private JsonNode next(String what, Predicate<JsonNode> wanted) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String line = inbox.next(limit - System.nanoTime());
            if (line == null) {
                throw new IllegalStateException("Nothing came from " + uri + " within " + PATIENCE + ", waiting for "
                        + what + (inbox.ending == null ? "" : "; it closed with " + inbox.ending));
            }
            JsonNode message = read(line);
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    private JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(uri + " sent what is no JSON: " + line, e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** What has come, a line each. Pings need no answer in the seconds that this takes. */
    private static final class Inbox implements WebSocket.Listener {

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder frame = new StringBuilder();
        private volatile @Nullable String ending;

        @Nullable
        String next(long nanos) {
            try {
                return lines.poll(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            frame.append(part);
            if (last) {
                frame.toString().lines().forEach(lines::add);
                frame.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ending = code + " " + reason;
            return null;
        }
    }
}
