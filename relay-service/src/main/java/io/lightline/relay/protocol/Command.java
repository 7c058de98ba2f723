package io.lightline.relay.protocol;

import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import org.jspecify.annotations.Nullable;

/** What a client may say to us. {@code Session#handle} is exhaustive over it. */
public sealed interface Command {

    /**
     * The first command of a connection.
     *
     * @param token a JWT; empty for an anonymous client
     */
    record Connect(String token) implements Command {}

    /** @param since where the client was, when it wants to recover; null when it starts anew */
    record Subscribe(String channel, @Nullable Position since) implements Command {}

    record Unsubscribe(String channel) implements Command {}

    record Publish(String channel, RawJson data) implements Command {}

    /**
     * @param limit 0 for the position only; negative for as many as the server gives
     * @param since only what comes after (reverse: before) it
     */
    record History(String channel, int limit, @Nullable Position since, boolean reverse) implements Command {}

    record Refresh(String token) implements Command {}

    /** A ping that wants an answer. */
    record Ping() implements Command {}

    /** The empty answer to the server's ping; it has no id and gets no reply. */
    record Pong() implements Command {}

    /** A method of the protocol that is not offered here. */
    record Unsupported(String method) implements Command {}

    /** No method of the protocol, as far as we know. */
    record Unknown(String method) implements Command {}

    /** A method that we know with a body that we cannot read. */
    record Malformed(String problem) implements Command {}
}
