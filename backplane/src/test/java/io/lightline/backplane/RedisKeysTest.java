package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedisKeysTest {

    private final RedisKeys keys = new RedisKeys("lightline");

    @Test
    void allKeysOfAChannelShareOneHashTag() {
        for (var name : List.of("orders", "}", "{", "{}", "a}b", ":")) {
            // given
            var channel = new ChannelName("acme", name);

            // when
            var tags = allOf(channel).map(RedisKeysTest::hashTag).toList();

            // then
            assertThat(new HashSet<>(tags)).hasSize(1).doesNotContain("");
        }
    }

    @Test
    void noTwoChannelsShareAKey() {
        // given
        var names = List.of("a", "a}:meta", "a}:answer:x", "a}:answer:x}", "}", "}:", ":");

        // when
        var all = new ArrayList<String>();
        names.forEach(name -> all.addAll(allOf(new ChannelName("acme", name)).toList()));
        all.addAll(keys.nodes());
        all.addAll(allOf(new ChannelName("leases", "group")).toList());
        all.addAll(keys.leases("group"));
        all.addAll(keys.revocations());
        all.add(keys.control());
        all.add(keys.control("pod"));
        all.add(keys.probe("pod"));
        all.add(keys.answers("pod"));

        // then
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void keysLookAsTheyAreDocumented() {
        assertThat(allOf(new ChannelName("acme", "/event/Order__e")))
                .containsExactly(
                        "lightline:{acme:/event/Order__e}:meta",
                        "lightline:{acme:/event/Order__e}:stream",
                        "lightline:{acme:/event/Order__e}:publications",
                        "lightline:{acme:/event/Order__e}:presence:until",
                        "lightline:{acme:/event/Order__e}:presence:members",
                        "lightline:{acme:/event/Order__e}:presence:users",
                        "lightline:{acme:/event/Order__e}:presence:parted",
                        "lightline:{acme:/event/Order__e}:checkpoint",
                        "lightline:{acme:/event/Order__e}:fence",
                        "lightline:{acme:/event/Order__e}:published-ids",
                        "lightline:{acme:/event/Order__e}:answer:x%7D%3Ay",
                        "lightline:{acme:/event/Order__e}:questions");
    }

    @Test
    void aPrefixWithABraceIsRefused() {
        assertThatThrownBy(() -> new RedisKeys("a{b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A key prefix has no braces: 'a{b'");
    }

    private Stream<String> allOf(ChannelName channel) {
        return Stream.of(
                        keys.stream(channel),
                        keys.presence(channel),
                        keys.source(channel),
                        List.of(keys.publishedIds(channel), keys.answer(channel, "x}:y"), keys.questions(channel)))
                .flatMap(List::stream)
                .distinct();
    }

    /** As Redis Cluster finds it: between the first brace and the next closing one. */
    private static String hashTag(String key) {
        int open = key.indexOf('{');
        return key.substring(open + 1, key.indexOf('}', open));
    }
}
