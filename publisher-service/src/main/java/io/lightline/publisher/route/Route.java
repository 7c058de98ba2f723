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

    /** What a derived channel's name is longer than its topic's by. */
    public static final int SUFFIX = 19;

    private static final Pattern RECORD_ID = Pattern.compile("[A-Za-z0-9]{15}|[A-Za-z0-9]{18}");

    /** Where what cannot be read goes; orgs of one tenant share it. */
    public ChannelName deadLetters() {
        return new ChannelName(channel.tenant(), "dead-letter:" + topic.topic());
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
