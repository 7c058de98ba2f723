package io.lightline.relay.hub;

import io.lightline.backplane.Position;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on this pod who listens to one channel. Every method is called on its {@linkplain #loop() loop}, in the order of
 * the channel's events: {@link #joined} (or {@link #refused}), then {@link #deliver}, and at the end perhaps {@link #lost}.
 */
public interface Subscriber {

    FanoutLoop loop();

    /** Of the frames that it gets; always the same one. From any thread. */
    Encoding encoding();

    /**
     * It listens from now on.
     *
     * @param position after which deliveries follow without a gap; null for a channel without history
     * @param recovery of what it missed, or the latest publication of a channel that keeps just that; null when it did not
     *     ask and the channel has no such publication to hand out
     */
    void joined(@Nullable Position position, @Nullable Recovered recovery);

    /** It does not listen. */
    void refused(Refusal reason);

    /** One publication. The frame is borrowed: retain it to keep it. What was accepted leaves with the next {@link #flush}. */
    Delivery deliver(ServerFrame frame);

    /** As {@link #deliver}, for one that the latest publication does not stand for: it takes no other one's place, and none its. */
    Delivery deliverNotice(ServerFrame frame);

    /** Somebody came or went: at most once, so it may be left out when the client is slow. The frame is borrowed. */
    void deliverPresence(ServerFrame frame);

    /** Ends a batch of deliveries. */
    void flush();

    /** It no longer listens: the stream has forgotten what it would have got next. */
    void lost();

    /** What became of one publication for one subscriber. */
    enum Delivery {
        DELIVERED,
        /** It takes the place of one that waited for the client: that one is dropped. */
        CONFLATED,
        /** More bytes wait for the client than it may have; its connection is being closed. */
        SLOW,
        /** The connection is gone or going. */
        CLOSED
    }
}
