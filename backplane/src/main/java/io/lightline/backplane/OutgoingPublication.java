package io.lightline.backplane;

import java.util.Optional;

/**
 * Metadata of a message that goes to the {@code lightline-backplane} connector: where its {@link Draft} is published. It
 * overrides the channel of the connector's configuration.
 *
 * @param origin where the draft came from, when its source is read with a checkpoint
 */
public record OutgoingPublication(ChannelName channel, Optional<Origin> origin) {

    /**
     * The event that the draft was made of. The messages of a channel form a chain, each expecting the checkpoint that the
     * one before it sets, so none has to wait for the other; when one fails, those that build on it fail too.
     *
     * @param eventId the source's identity of the event
     * @param checkpoint that the message moves
     */
    public record Origin(String eventId, Checkpoint checkpoint) {}

    public static OutgoingPublication to(ChannelName channel) {
        return new OutgoingPublication(channel, Optional.empty());
    }

    public static OutgoingPublication from(ChannelName channel, String eventId, Checkpoint checkpoint) {
        return new OutgoingPublication(channel, Optional.of(new Origin(eventId, checkpoint)));
    }
}
