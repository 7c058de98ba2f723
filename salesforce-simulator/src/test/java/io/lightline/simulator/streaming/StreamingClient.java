package io.lightline.simulator.streaming;

import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.cometd.bayeux.Channel;
import org.cometd.bayeux.Message;
import org.cometd.bayeux.client.ClientSession;
import org.cometd.bayeux.client.ClientSessionChannel;
import org.cometd.client.BayeuxClient;
import org.cometd.client.http.jetty.JettyHttpClientTransport;
import org.cometd.common.HashMapMessage;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;

/** CometD's own Java client, which remembers what it hears. Blocks until it is answered. */
final class StreamingClient implements AutoCloseable {

    private static final int LIMIT_SECONDS = 10;

    private final HttpClient http = new HttpClient();
    private final BayeuxClient client;
    private final List<Message> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Message> firstPoll = new CompletableFuture<>();

    private StreamingClient(int port, String authorization) throws Exception {
        http.start();
        client = new BayeuxClient(
                "http://127.0.0.1:" + port + "/cometd/66.0", new JettyHttpClientTransport(new HashMap<>(), http) {
                    @Override
                    protected void customize(Request request) {
                        request.headers(headers -> headers.put("Authorization", authorization));
                    }
                });
        // Before the handshake: the client polls as soon as that has succeeded.
        client.getChannel(Channel.META_CONNECT)
                .addListener((ClientSessionChannel.MessageListener) (_, message) -> firstPoll.complete(message));
    }

    static StreamingClient prepare(int port, String authorization) throws Exception {
        return new StreamingClient(port, authorization);
    }

    static StreamingClient connect(int port, String authorization) throws Exception {
        var streaming = prepare(port, authorization);
        if (!streaming.handshake().isSuccessful()) {
            throw new AssertionError("Handshake refused");
        }
        return streaming;
    }

    Message handshake() {
        return answer(client::handshake);
    }

    /** The answer to the first poll. */
    Message firstPoll() {
        return firstPoll.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    Message subscribe(String channel, long replayId) {
        var message = new HashMapMessage();
        message.put(Message.EXT_FIELD, new HashMap<>(Map.of("replay", Map.of(channel, replayId))));
        return answer(listener ->
                client.getChannel(channel).subscribe(message, (_, received) -> heard.add(received), listener));
    }

    Message publish(String channel, Map<String, Object> data) {
        return answer(listener -> client.getChannel(channel).publish(data, listener));
    }

    List<Message> heard() {
        return List.copyOf(heard);
    }

    void awaitHeard(int count) {
        await().until(() -> heard.size() >= count);
    }

    @Override
    public void close() {
        client.disconnect();
        client.waitFor(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS), BayeuxClient.State.DISCONNECTED);
        try {
            http.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot stop the client", e);
        }
    }

    private interface Call {
        void send(ClientSession.MessageListener listener);
    }

    private static Message answer(Call call) {
        var answer = new CompletableFuture<Message>();
        call.send(answer::complete);
        return answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
}
