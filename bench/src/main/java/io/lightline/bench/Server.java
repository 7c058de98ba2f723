package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Something that fans messages out to WebSockets, and how one talks to it: Lightline, or a peer that it is compared with. What is
 * published has the form of {@link Payload}. Closing it ends the processes that it has started.
 */
interface Server extends AutoCloseable {

    /** As it stands in reports. */
    String name();

    /** Its processes, the one that serves the subscribers first. */
    List<ServerProcess> processes();

    /** Where a subscriber of a channel connects. */
    URI webSocket(String channel);

    /** What a subscriber says when its socket is open; empty when the address says it all. */
    Optional<String> subscribe(String channel);

    /** Whether this is what the server says when somebody who wants to publish may begin. */
    default boolean greets(String text) {
        return true;
    }

    /** Whether this is what the server says when a subscription is in force. The server's first words come here as well. */
    boolean confirms(String text);

    /** Whether a subscription is in force as soon as the socket is open. */
    default boolean confirmsByOpening() {
        return false;
    }

    /** Whether messages travel in binary frames. */
    default boolean binary() {
        return false;
    }

    /** What has to be answered to a short frame that is no message: a ping. Empty for anything else. */
    Optional<String> answer(ByteBuf frame);

    /** A connection that publishes. */
    Sender sender(EventLoopGroup loops);

    @Override
    void close();
}
