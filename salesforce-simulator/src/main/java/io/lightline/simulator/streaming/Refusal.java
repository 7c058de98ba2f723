package io.lightline.simulator.streaming;

import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Session;
import java.util.Map;
import java.util.Optional;
import org.cometd.bayeux.Channel;
import org.cometd.bayeux.Message;

/**
 * What the Streaming API does not do, in the words that Salesforce has for it.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/api-streaming/guide/streaming-error-codes.html">Streaming API
 *     Error Codes</a>
 */
record Refusal(String error) {

    static final Refusal NO_TOKEN = new Refusal("401::Request requires authentication");
    static final Refusal INVALID_TOKEN = new Refusal("401::Authentication invalid");
    static final Refusal HANDSHAKE_DENIED = new Refusal("403::Handshake denied");
    static final Refusal UNKNOWN_CLIENT = new Refusal("403::Unknown client");
    static final Refusal NO_PUBLISHING = new Refusal("403::Publishing is not allowed");
    private static final Refusal USED_UP = new Refusal("403::Organization total events daily limit exceeded");

    /** Why the org does not give the channel to a subscriber; nothing when it does. */
    static Optional<Refusal> toSubscribe(Session session, String channel, Message subscribe) {
        var org = session.org();
        if (org.topic(channel).isEmpty() || org.definitions().denied(channel)) {
            return Optional.of(
                    new Refusal("400::The channel you requested to subscribe to does not exist {" + channel + "}"));
        }
        var replay = Replay.of(subscribe, channel);
        return replay.possibleOn(org.bus()) ? usedUp(org) : Optional.of(invalid(replay));
    }

    /** Writes itself into a reply. A client that is not who it says must not come back by itself. */
    void into(Message.Mutable reply) {
        reply.put(Message.ERROR_FIELD, error);
        if (this.equals(UNKNOWN_CLIENT)) {
            reply.getAdvice(true).putAll(Map.of(Message.RECONNECT_FIELD, Message.RECONNECT_HANDSHAKE_VALUE));
        } else if (error.startsWith("401") || Channel.META_HANDSHAKE.equals(reply.getChannel())) {
            reply.getAdvice(true).putAll(Map.of(Message.RECONNECT_FIELD, Message.RECONNECT_NONE_VALUE));
        }
    }

    private static Optional<Refusal> usedUp(Org org) {
        return org.deliveries().available() == 0 ? Optional.of(USED_UP) : Optional.empty();
    }

    private static Refusal invalid(Replay replay) {
        return switch (replay) {
            case Replay.After(var id) ->
                new Refusal(
                        "400::The replayId {" + id.position() + "} you provided was invalid. Please provide a valid "
                                + "ID, -2 to replay all events, or -1 to replay only new events.");
            case Replay.OnlyNew _, Replay.AllRetained _ -> throw new IllegalArgumentException("Always possible");
        };
    }
}
