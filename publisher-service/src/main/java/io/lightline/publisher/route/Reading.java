package io.lightline.publisher.route;

import io.lightline.backplane.ChannelName;
import java.util.List;

/**
 * Under what a topic's item was read: metadata of each message on its way to the backplane.
 *
 * @param fence of the lease
 * @param everyRecord the channels of all records there are, for an item that concerns them all; empty otherwise
 * @param onFenced to be told when somebody with a younger lease has taken the topic over; from any thread
 */
public record Reading(Route route, long fence, List<ChannelName> everyRecord, Runnable onFenced) {

    /** For an item that concerns all records. */
    public Reading concerning(List<ChannelName> channels) {
        return new Reading(route, fence, channels, onFenced);
    }
}
