package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Publishes by one HTTP request a message. A refusal is printed, as what follows is worth nothing. */
final class HttpSender implements Sender {

    private final HttpConnection connection;
    private final UnaryOperator<String> path;
    private final BinaryOperator<String> body;

    /**
     * Connects; blocks.
     *
     * @param headers of every request
     * @param path of a request, from its channel
     * @param body of a request, from its channel and the message
     */
    HttpSender(
            EventLoopGroup loops,
            URI base,
            Map<String, String> headers,
            UnaryOperator<String> path,
            BinaryOperator<String> body) {
        this.connection = new HttpConnection(loops, base, headers);
        this.path = path;
        this.body = body;
    }

    @Override
    public void publish(String channel, String json) {
        var _ = connection
                .post(path.apply(channel), body.apply(channel, json).getBytes(StandardCharsets.UTF_8))
                .exceptionally(refusal -> {
                    System.err.println(refusal.getMessage());
                    return "";
                });
    }

    @Override
    public void close() {
        connection.close();
    }
}
