package io.lightline.relay.session;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ServerFrame;
import java.time.Duration;

/** The way to one client's socket. On the connection's event loop only; never blocks; holds a bounded number of bytes. */
public interface Outbox {

    /** Queues a frame, to leave with the next {@link #flush}. The frame is borrowed. */
    Delivery send(ServerFrame frame);

    /**
     * Queues what the client has asked for, as {@link #send}. It does not count for what may wait for the client until it keeps up
     * again: a client that recovers would else be closed because of what it recovers. To be called for {@link #writable} clients
     * only, so that it stays bounded.
     */
    Delivery answer(ServerFrame frame);

    /** Hands what was queued to the socket. */
    void flush();

    /** Whether the client keeps up: not much waits for it. When it does again, {@link Session#writable()} is called. */
    boolean writable();

    /** Says goodbye and closes; what is queued still goes out, if the client reads. Harmless when closed already. */
    void close(CloseCode code);

    /** Whether the socket has taken nothing for longer than {@code limit} although bytes wait. To be asked regularly. */
    boolean stalledFor(Duration limit);

    /** Stops or goes on to read from the socket, so that a client that asks faster than we answer waits. */
    void reading(boolean on);
}
