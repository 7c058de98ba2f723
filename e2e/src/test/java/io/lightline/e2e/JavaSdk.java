package io.lightline.e2e;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The unmodified SDK for Java, which speaks protobuf only, as a client of a relay, in more of a hurry than by default. Its
 * callbacks become answers for which one waits, and lists.
 */
final class JavaSdk implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final CompletableFuture<String> connected = new CompletableFuture<>();
    private final CompletableFuture<Integer> disconnected = new CompletableFuture<>();
    private final List<ServerPublicationEvent> publications = new CopyOnWriteArrayList<>();
    private final Client client;

    private JavaSdk(URI relay, String token) {
        var options = new Options();
        options.setToken(token);
        options.setMinReconnectDelay(50);
        options.setMaxReconnectDelay(200);
        client = new Client(relay.toString(), options, new Listener());
        client.connect();
    }

    /** Does not wait for what becomes of it. */
    static JavaSdk start(URI relay, String token) {
        return new JavaSdk(relay, token);
    }

    static JavaSdk connect(URI relay, String token) {
        var sdk = start(relay, token);
        sdk.id();
        return sdk;
    }

    /** Waits until it is connected, and says as which client. */
    String id() {
        return result(connected);
    }

    /** Waits until it has given up, and says with which code. */
    int end() {
        return result(disconnected);
    }

    boolean hasGivenUp() {
        return disconnected.isDone();
    }

    /** On channels that the server has put it on. */
    List<ServerPublicationEvent> publications() {
        return publications;
    }

    /** Waits until it is subscribed. */
    JavaSdkSubscription subscribe(String channel) {
        var options = new SubscriptionOptions();
        options.setJoinLeave(true);
        try {
            var heard = new JavaSdkSubscription.Heard();
            var subscription = new JavaSdkSubscription(client.newSubscription(channel, options, heard), heard);
            subscription.begin();
            return subscription;
        } catch (DuplicateSubscriptionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws java.util.concurrent.CompletionException with a {@code ReplyError} when the relay refuses */
    void publish(String channel, String data) {
        JavaSdk.<PublishResult>answer(
                callback -> client.publish(channel, data.getBytes(StandardCharsets.UTF_8), callback));
    }

    static <T> T answer(Consumer<ResultCallback<T>> call) {
        var answer = new CompletableFuture<T>();
        call.accept((failure, value) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return result(answer);
    }

    static <T> T result(CompletableFuture<T> future) {
        return future.copy().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public void close() {
        try {
            client.close(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener extends EventListener {

        @Override
        public void onConnected(Client self, ConnectedEvent event) {
            connected.complete(event.getClient());
        }

        @Override
        public void onDisconnected(Client self, DisconnectedEvent event) {
            disconnected.complete(event.getCode());
        }

        @Override
        public void onPublication(Client self, ServerPublicationEvent event) {
            publications.add(event);
        }
    }
}
