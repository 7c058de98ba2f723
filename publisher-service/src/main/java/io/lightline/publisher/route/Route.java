package io.lightline.publisher.route;

import io.lightline.backplane.ChannelName;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a topic's events go.
 *
 * @param channel of all of them; its checkpoint is the topic's
 * @param records whether change events go to a channel of each of their records as well
 */
public record Route(TopicName topic, ChannelName channel, boolean records) {

    /** What names that are made of a channel's are longer by at most: those of its records. */
    public static final int LONGEST_ADDITION = 19;

    private static final Pattern RECORD_ID = Pattern.compile("[A-Za-z0-9]{15}|[A-Za-z0-9]{18}");

    /** Where what cannot be read goes; orgs of one tenant share it. */
    public ChannelName deadLetters() {
        return new ChannelName(channel.tenant(), "dead-letter:" + topic.topic());
    }

    /** Nothing is ever published on it: its checkpoint says that somebody has begun to read the topic. */
    public ChannelName begun() {
        return new ChannelName(channel.tenant(), "begun:" + channel.name());
    }

    /** The channels of some records, each once; none for what is not a record's id, as wildcards of an overflow are not. */
    public List<ChannelName> ofRecords(List<String> recordIds) {
        if (!records) {
            return List.of();
        }
        return recordIds.stream()
                .distinct()
                .filter(id -> RECORD_ID.matcher(id).matches())
                .map(id -> new ChannelName(channel.tenant(), derivedPrefix() + id))
                .toList();
    }

    /** What the names of all channels of records begin with. */
    public String derivedPrefix() {
        return channel.name() + "/";
    }
}
