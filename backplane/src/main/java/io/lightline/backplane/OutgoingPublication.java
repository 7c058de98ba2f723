package io.lightline.backplane;

import java.util.List;
import java.util.Optional;

/**
 * Metadata of a message that goes to the {@code lightline-backplane} connector: where its {@link Draft} is published. It
 * overrides the channel of the connector's configuration.
 *
 * @param origin where the draft came from, when its source is read with a checkpoint
 * @param derived channels that get the draft as well, before {@code channel} does; of a message with an origin only
 * @param elsewhere whether only they do: nothing is published on {@code channel}, but its checkpoint moves
 */
public record OutgoingPublication(
        ChannelName channel, Optional<Origin> origin, List<ChannelName> derived, boolean elsewhere) {

    public OutgoingPublication {
        derived = List.copyOf(derived);
        if (origin.isEmpty() && !derived.isEmpty()) {
            throw new IllegalArgumentException(
                    "Only a message with an origin goes to derived channels, which need its id: " + derived);
        }
        if (derived.contains(channel)) {
            throw new IllegalArgumentException("A channel is not derived of itself: " + channel);
        }
    }

    /**
     * The event that the draft was made of. The messages of a channel form a chain, each expecting the checkpoint that the
     * one before it sets, so none has to wait for the other; when one fails, those that build on it fail too. Behind one whose
     * checkpoint {@linkplain Checkpoint#stay stays} nothing may be sent before it is answered: it cannot be told from what
     * builds on the message before.
     *
     * @param eventId the source's identity of the event
     * @param checkpoint that the message moves
     */
    public record Origin(String eventId, Checkpoint checkpoint) {}

    public static OutgoingPublication to(ChannelName channel) {
        return new OutgoingPublication(channel, Optional.empty(), List.of(), false);
    }

    public static OutgoingPublication from(ChannelName channel, String eventId, Checkpoint checkpoint) {
        return new OutgoingPublication(channel, Optional.of(new Origin(eventId, checkpoint)), List.of(), false);
    }

    /**
     * Publishes on other channels too, which have neither a source nor a checkpoint of their own: once in each, by the event's
     * id, and in the order of the stream.
     */
    public OutgoingPublication alsoTo(List<ChannelName> channels) {
        return new OutgoingPublication(channel, origin, channels, false);
    }

    /** Publishes on other channels instead, as with {@link #alsoTo}; here the checkpoint only moves. */
    public OutgoingPublication insteadTo(List<ChannelName> channels) {
        return new OutgoingPublication(channel, origin, channels, true);
    }
}
