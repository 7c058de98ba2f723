package io.lightline.relay.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.control.ControlMessage.AskChannels;
import io.lightline.relay.control.ControlMessage.AskUsage;
import io.lightline.relay.control.ControlMessage.Asker;
import io.lightline.relay.control.ControlMessage.Channels;
import io.lightline.relay.control.ControlMessage.Disconnect;
import io.lightline.relay.control.ControlMessage.Refresh;
import io.lightline.relay.control.ControlMessage.RevokeTokens;
import io.lightline.relay.control.ControlMessage.Subscribe;
import io.lightline.relay.control.ControlMessage.Unsubscribe;
import io.lightline.relay.control.ControlMessage.Usage;
import io.lightline.relay.protocol.CloseCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {

    private static final Whom ALICE = new Whom("acme", "alice", "c1");
    private static final Asker ASKER = new Asker("pod-1", 7);

    private final ControlCodec codec = new ControlCodec();

    static Stream<ControlMessage> messages() {
        return Stream.of(
                new Subscribe(
                        ALICE,
                        "chat:a",
                        RawJson.of("{\"exact\":1.10}"),
                        RawJson.of("[12345678901234567890,null]"),
                        new Position(3, "e")),
                new Subscribe(new Whom("acme", "", null), "chat:a", null, null, null),
                new Unsubscribe(ALICE, "chat:\"ä\""),
                new Disconnect(ALICE, Set.of("c2", "c3"), CloseCode.FORCE_RECONNECT),
                new Refresh(ALICE, Instant.ofEpochMilli(1_764_000_000_123L)),
                new Refresh(ALICE, null),
                new RevokeTokens(new Revocation("acme", "alice", Instant.ofEpochSecond(1), Instant.ofEpochSecond(2))),
                new AskChannels(ASKER, "acme", "chat:*"),
                new AskUsage(ASKER, "acme"),
                new Channels(7, "pod-2", Map.of("chat:a", 3)),
                new Usage(7, "pod-2", 1, 2, 3, 4));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsSaidIsUnderstood(ControlMessage message) {
        assertThat(codec.decode(codec.encode(message))).contains(message);
    }

    @Test
    void everyMessageHasItsNameAndIsTriedHere() {
        List<Class<?>> named = Stream.of(
                        ControlMessage.class.getAnnotation(JsonSubTypes.class).value())
                .<Class<?>>map(JsonSubTypes.Type::value)
                .toList();
        assertThat(leaves(ControlMessage.class)).containsExactlyInAnyOrderElementsOf(named);
        assertThat(messages().<Class<?>>map(ControlMessage::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(named);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(ControlCodecTest::leaves)
                : Stream.of(type);
    }

    @Test
    void aFieldOfANewerPodIsLeftOut() {
        assertThat(codec.decode(RawJson.of("{\"v\":1,\"new\":{},\"says\":{\"type\":\"unsubscribe\",\"new\":[1],"
                        + "\"whom\":{\"tenant\":\"acme\",\"user\":\"alice\"},\"channel\":\"chat:a\"}}")))
                .contains(new Unsubscribe(new Whom("acme", "alice", null), "chat:a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":1,\"says\":{\"type\":\"dance\",\"whom\":{}}}",
                "{\"v\":2,\"says\":{\"type\":\"ask-usage\",\"asker\":{\"pod\":\"p\",\"question\":1},\"tenant\":\"acme\"}}",
                "{\"v\":1,\"says\":{\"type\":\"disconnect\",\"whom\":{\"tenant\":\"a\",\"user\":\"b\"},\"except\":[],"
                        + "\"code\":\"BRAND_NEW\"}}",
                "{\"v\":1}",
                "null",
                "rubbish",
                ""
            })
    void whatIsUnknownIsIgnored(String json) {
        assertThat(codec.decode(RawJson.of(json))).isEmpty();
    }
}
