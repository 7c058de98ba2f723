package io.lightline.backplane;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The names of everything in Redis. All keys of a channel are {@code <prefix>:{<tenant>:<name>}:<what>}: they share the
 * hash tag, so that a script over them is legal in a cluster, and no two channels share a key, because no {@code <what>}
 * has a brace in it.
 *
 * @param prefix of this installation
 */
record RedisKeys(String prefix) {

    RedisKeys {
        if (prefix.contains("{") || prefix.contains("}")) {
            throw new IllegalArgumentException("A key prefix has no braces: '" + prefix + "'");
        }
    }

    /** What {@code stream.lua} works on: meta, stream, publications. */
    List<String> stream(ChannelName channel) {
        return List.of(of(channel, "meta"), entries(channel), publications(channel));
    }

    /** The pub/sub channel of its publications. */
    String publications(ChannelName channel) {
        return of(channel, "publications");
    }

    /** The entries of its stream. */
    String entries(ChannelName channel) {
        return of(channel, "stream");
    }

    /** What {@code presence.lua} works on: until, members, users, parted, publications. */
    List<String> presence(ChannelName channel) {
        return List.of(
                of(channel, "presence:until"),
                of(channel, "presence:members"),
                of(channel, "presence:users"),
                of(channel, "presence:parted"),
                publications(channel));
    }

    /** What {@code checkpoint.lua} works on: checkpoint, fence. */
    List<String> source(ChannelName channel) {
        return List.of(of(channel, "checkpoint"), of(channel, "fence"));
    }

    String publishedIds(ChannelName channel) {
        return of(channel, "published-ids");
    }

    String answer(ChannelName channel, String idempotencyKey) {
        return of(channel, "answer:" + URLEncoder.encode(idempotencyKey, StandardCharsets.UTF_8));
    }

    /** The pub/sub channel of what is asked of those who serve it. */
    String questions(ChannelName channel) {
        return of(channel, "questions");
    }

    /** The pub/sub channel on which a pod hears the answers to what it asked. */
    String answers(String pod) {
        return prefix + ":{answers}:" + pod;
    }

    /** What {@code nodes.lua} works on. A channel's tag has a colon, this has none. */
    List<String> nodes() {
        return List.of(prefix + ":{nodes}:until", prefix + ":{nodes}:info");
    }

    /** What {@code revocations.lua} works on. */
    List<String> revocations() {
        return List.of(prefix + ":{revocations}:until", prefix + ":{revocations}:issued-before");
    }

    /** What {@code leases.lua} works on. A channel may have the same tag, but none of these names. */
    List<String> leases(String group) {
        String common = prefix + ":{leases:" + group + "}:leases:";
        return List.of(common + "members", common + "wanted", common + "holders", common + "fence");
    }

    /** Of the first key of the stream of each channel of a tenant whose name has a prefix: a pattern for {@code SCAN}. */
    String streams(String tenant, String namePrefix) {
        return (prefix + ":{" + tenant + ":" + namePrefix).replaceAll("[*?\\[\\]\\\\]", "\\\\$0") + "*}:meta";
    }

    /** The name of a channel, from a key that matches {@link #streams}. */
    String streamName(String tenant, String key) {
        return key.substring((prefix + ":{" + tenant + ":").length(), key.length() - "}:meta".length());
    }

    /** The pub/sub channel of what is said to every pod. */
    String control() {
        return control("all");
    }

    /** The pub/sub channel of what is said to one pod. */
    String control(String pod) {
        return prefix + ":{control}:" + pod;
    }

    /** The pub/sub channel on which a pod hears itself. */
    String probe(String pod) {
        return prefix + ":{probe}:" + pod;
    }

    private String of(ChannelName channel, String what) {
        return prefix + ":{" + channel.tenant() + ":" + channel.name() + "}:" + what;
    }
}
