package io.lightline.relay.session;

import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.Reply.Recovery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a connect in the making: it is complete when all of the connection's server-side subscriptions are there. Those
 * that recover are made one after the other, because all together have to fit below what may wait for a client.
 */
final class ConnectReply {

    private final Map<String, ServerSubscriptions.Granted> granted;
    private final Map<String, Position> since;
    private final Map<String, Reply.Subscribed> subscriptions = new HashMap<>();
    private final List<Push> following = new ArrayList<>();
    private final Queue<String> recovering = new ArrayDeque<>();
    private long room;

    ConnectReply(Map<String, ServerSubscriptions.Granted> granted, Map<String, Position> since, long room) {
        this.granted = granted;
        this.since = since;
        this.room = room;
    }

    /** The subscriptions to begin with, by channel. */
    List<String> first() {
        var first = new ArrayList<String>();
        for (String channel : granted.keySet()) {
            (since.containsKey(channel) ? recovering : first).add(channel);
        }
        if (!recovering.isEmpty()) {
            first.add(recovering.remove());
        }
        return first;
    }

    Subscription.Terms terms(String channel) {
        return Objects.requireNonNull(granted.get(channel)).terms(room > 0 ? since.get(channel) : null);
    }

    /** A subscription is there. Answers which one to make next; null for none. */
    @Nullable
    String subscribed(String channel, Reply.Subscribed reply) {
        for (Publication publication : reply.publications()) {
            room -= publication.bytes();
        }
        boolean lapsed = since.containsKey(channel) && reply.recovery() == null;
        if (reply.recovery() == Recovery.COMPLETE) {
            subscriptions.put(channel, reply);
        } else {
            // SDKs read the publications of a server-side subscription only if it recovers.
            reply.publications().forEach(publication -> following.add(new Push.Published(channel, publication)));
            subscriptions.put(channel, lapsed ? reply.notRecovered() : reply.withoutPublications());
        }
        return since.containsKey(channel) ? recovering.poll() : null;
    }

    boolean complete() {
        return subscriptions.size() == granted.size();
    }

    Map<String, Reply.Subscribed> subscriptions() {
        return subscriptions;
    }

    /** What belongs behind the reply. */
    List<Push> following() {
        return following;
    }
}
