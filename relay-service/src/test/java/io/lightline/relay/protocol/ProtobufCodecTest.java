package io.lightline.relay.protocol;

import static io.lightline.relay.protocol.Handwritten.frame;
import static io.lightline.relay.protocol.Handwritten.message;
import static io.lightline.relay.protocol.Handwritten.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.UnknownFieldSet;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceStats;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.Reply.Recovery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages are written and read by hand here, with the field numbers of the protocol and without our schema. */
class ProtobufCodecTest {

    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FrameCodec codec = new ProtobufCodec();

    @Test
    void readsEveryCommandOfAFrame() throws MalformedFrameException {
        // when
        var requests = codec.decode(frame(
                message(1, 1, 4, message(1, "jwt", 3, message(1, "user:u", 2, message(3, true, 6, "e", 7, 9)))),
                message(1, 2, 5, message(1, "a", 2, "jwt", 3, true, 6, "x", 7, 41, 11, true)),
                message(1, 3, 6, message(1, "a")),
                message(1, 4, 7, message(1, "a", 2, "{\"n\":1}")),
                message(1, 5, 8, message(1, "a")),
                message(1, 6, 9, message(1, "a")),
                message(1, 7, 10, message(1, "a", 7, -1L, 8, message(1, 7, 2, "e"), 9, true)),
                message(1, 8, 11, message()),
                message(12, message(1, "x")),
                message(1, 10, 13, message(2, "x")),
                message(1, 11, 14, message(1, "jwt")),
                message(1, 12, 15, message(1, "a", 2, "jwt")),
                message()));

        // then
        assertThat(requests)
                .containsExactly(
                        new Request(1, new Command.Connect("jwt", Map.of("user:u", new Position(9, "e")))),
                        new Request(2, new Command.Subscribe("a", "jwt", new Position(41, "x"), null, true)),
                        new Request(3, new Command.Unsubscribe("a")),
                        new Request(4, new Command.Publish("a", RawJson.of("{\"n\":1}"))),
                        new Request(5, new Command.Presence("a")),
                        new Request(6, new Command.PresenceStats("a")),
                        new Request(7, new Command.History("a", -1, new Position(7, "e"), true)),
                        new Request(8, new Command.Ping()),
                        new Request(0, new Command.Unsupported("send")),
                        new Request(10, new Command.Unsupported("rpc")),
                        new Request(11, new Command.Refresh("jwt")),
                        new Request(12, new Command.SubRefresh("a", "jwt")),
                        new Request(0, new Command.Pong()));
    }

    @Test
    void subscribesAnewUnlessRecoveryIsAskedFor() throws MalformedFrameException {
        // when
        var requests = codec.decode(frame(
                message(1, 1, 4, message(3, message(1, "user:u", 2, message(6, "e", 7, 9)))),
                message(1, 2, 5, message(1, "a", 6, "x", 7, 41)),
                message(1, 3, 10, message(1, "a"))));

        // then
        assertThat(requests)
                .containsExactly(
                        new Request(1, new Command.Connect("", Map.of())),
                        new Request(2, new Command.Subscribe("a", "", null, null, false)),
                        new Request(3, new Command.History("a", 0, null, false)));
    }

    @Test
    void skipsWhatItDoesNotKnow() throws MalformedFrameException {
        // when
        var requests =
                codec.decode(frame(message(1, 3, 6, message(1, "a", 2, 5, 99, "new"), 16, message(1, "newer"), 99, 1)));

        // then
        assertThat(requests).containsExactly(new Request(3, new Command.Unsubscribe("a")));
    }

    @Test
    void keepsLargeIds() throws MalformedFrameException {
        // given
        long largest = 0xffff_ffffL;

        // when
        var requests = codec.decode(frame(message(1, largest, 11, message())));

        // then
        assertThat(requests).containsExactly(new Request(largest, new Command.Ping()));
        assertThat(decoded(codec.encode(largest, new Reply.Pong())))
                .containsExactly(message(1, largest, 12, message()));
    }

    @Test
    void readsFilters() throws Exception {
        // given
        var tf = message(
                1,
                "and",
                6,
                message(2, "region", 3, "in", 5, "EMEA", 5, "APAC"),
                6,
                message(1, "not", 6, message(2, "data.n", 3, "lt", 4, "10")));

        // when
        var requests = codec.decode(frame(message(1, 2, 5, message(1, "a", 13, tf))));

        // then
        var filter = Filter.parse(RawJson.of("{\"op\":\"and\",\"nodes\":["
                + "{\"key\":\"region\",\"cmp\":\"in\",\"vals\":[\"EMEA\",\"APAC\"]},"
                + "{\"op\":\"not\",\"nodes\":[{\"key\":\"data.n\",\"cmp\":\"lt\",\"val\":\"10\"}]}]}"));
        assertThat(requests).containsExactly(new Request(2, new Command.Subscribe("a", "", null, filter, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"text\" : \"héllo \\n \\\" }\" , \"n\": [1, 2.50, 1e3, -0, null, true, false, {}] }",
                "[1,[2,[3]]]",
                "\"a string\"",
                "12345678901234567890.12345",
                "true",
                "null",
                "{}",
                " {} ",
                "\"\uD83D\uDE00\""
            })
    void keepsDataToTheLetter(String data) throws MalformedFrameException {
        assertThat(codec.decode(publish(data.getBytes(StandardCharsets.UTF_8))))
                .containsExactly(new Request(1, new Command.Publish("a", RawJson.of(data))));
    }

    static Stream<byte[]> noJson() {
        return Stream.concat(
                Stream.of(
                                "",
                                " ",
                                "hello",
                                "{",
                                "{} {}",
                                "{}x",
                                "1 2",
                                "\"a",
                                "\"\\x\"",
                                "\"line\nbreak\"",
                                "\uFEFF{}",
                                "[".repeat(500) + "]".repeat(500))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(
                        new byte[] {'"', (byte) 0xff, '"'},
                        new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
                        "{}".getBytes(StandardCharsets.UTF_16LE),
                        "{}".getBytes(StandardCharsets.UTF_16)));
    }

    @ParameterizedTest
    @MethodSource("noJson")
    void dataThatIsNoJsonIsABadRequest(byte[] data) throws MalformedFrameException {
        assertThat(codec.decode(publish(data))).singleElement().satisfies(request -> {
            assertThat(request.id()).isEqualTo(1);
            assertThat(request.command()).isInstanceOf(Command.Malformed.class);
        });
    }

    static Stream<UnknownFieldSet> senseless() {
        return Stream.of(
                message(1, 1),
                message(1, 1, 16, message()),
                message(1, 1, 7, message(1, "a")),
                message(1, 1, 5, message(1, "a", 3, true, 7, -1L)),
                message(1, 1, 5, message(1, "a", 13, message(1, "dance"))),
                message(1, 1, 4, message(3, message(1, "user:u", 2, message(3, true, 7, Long.MIN_VALUE)))),
                message(1, 1, 10, message(1, "a", 8, message(1, -1L))));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void aCommandWithoutSenseIsABadRequest(UnknownFieldSet command) throws MalformedFrameException {
        assertThat(codec.decode(frame(command))).singleElement().satisfies(request -> {
            assertThat(request.id()).isEqualTo(1);
            assertThat(request.command()).isInstanceOf(Command.Malformed.class);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "80, a length without its end",
        "ffffffffffffffffffffff01, a length without bounds",
        "ffffffffffffffffff01, a negative length",
        "ffffffff07, a huge length",
        "03, a length past the end of the frame",
        "020801 02 08, a second one that is cut off",
        "0108, a field without its value",
        "01 0c, the end of a group that never began",
        "03 0c0c0c, ends of groups with something after them",
        "02 0b0b, groups without their ends",
        "01 0f, a wire type that does not exist",
        "02 0001, field 0",
        "05 3203 0a0561, a text that is longer than its message",
        "05 3203 0a01ff, a text that is no UTF-8",
        "02 3205, a request past the end of its command",
        "7b7d, JSON"
    })
    void refusesWhatIsNoProtocolAtAll(String hex) {
        // given
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));

        // then
        assertThatThrownBy(() -> codec.decode(frame))
                .asInstanceOf(type(MalformedFrameException.class))
                .extracting(MalformedFrameException::closeCode)
                .isEqualTo(CloseCode.BAD_REQUEST);
    }

    @Test
    void refusesMessagesThatAreNestedTooDeeply() {
        // given
        UnknownFieldSet tf = message(2, "a", 3, "ex");
        for (int i = 0; i < 200; i++) {
            tf = message(1, "not", 6, tf);
        }
        byte[] frame = frame(message(1, 1, 5, message(1, "a", 13, tf)));

        // then
        assertThatThrownBy(() -> codec.decode(frame)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void nothingThatAClientSendsIsMoreThanMalformed() {
        // given
        var random = new Random(42);
        byte[] good = frame(
                message(1, 1, 4, message(1, "jwt", 3, message(1, "user:u", 2, message(3, true, 6, "e", 7, 9)))),
                message(1, 2, 5, message(1, "a", 3, true, 6, "x", 7, 41, 13, message(2, "k", 3, "in", 5, "v"))),
                message(1, 4, 7, message(1, "a", 2, "{\"n\":1}")),
                message(1, 7, 10, message(1, "a", 7, -1L, 8, message(1, 7, 2, "e"))));
        int read = 0;
        int malformed = 0;

        // when
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = Arrays.copyOf(good, good.length - random.nextInt(2) * random.nextInt(good.length));
            for (int j = random.nextInt(4); j > 0 && bad.length > 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                codec.decode(bad);
                read++;
            } catch (MalformedFrameException e) {
                malformed++;
            }
        }

        // then
        assertThat(read).isPositive();
        assertThat(malformed).isPositive();
    }

    @Test
    void textAndBinaryFramesAreNotMixed() {
        assertThatThrownBy(() -> codec.decode("{}"))
                .asInstanceOf(type(MalformedFrameException.class))
                .extracting(MalformedFrameException::closeCode)
                .isEqualTo(CloseCode.INAPPROPRIATE_PROTOCOL);
        assertThatThrownBy(() -> Encoding.JSON.codec().decode(new byte[] {0}))
                .asInstanceOf(type(MalformedFrameException.class))
                .extracting(MalformedFrameException::closeCode)
                .isEqualTo(CloseCode.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void theSubprotocolChoosesTheEncoding() {
        assertThat(Encoding.of("centrifuge-protobuf")).isEqualTo(Encoding.PROTOBUF);
        assertThat(Stream.of(null, "", "centrifuge-json").map(Encoding::of)).containsOnly(Encoding.JSON);
    }

    @Test
    void writesTheReplyToConnect() {
        // given
        var own = new Reply.Subscribed(
                new Position(7, "e"), Recovery.COMPLETE, List.of(), Optional.of(MINUTE), RawJson.of("{\"d\":1}"));
        var connected = new Reply.Connected(
                "c", "1.0", "n", Optional.of(Duration.ofSeconds(270)), Duration.ofSeconds(25), Map.of("user:u", own));

        // then
        assertThat(reply(connected))
                .isEqualTo(message(
                        1,
                        7,
                        5,
                        message(
                                1,
                                "c",
                                2,
                                "1.0",
                                3,
                                true,
                                4,
                                270,
                                6,
                                message(
                                        1,
                                        "user:u",
                                        2,
                                        message(
                                                1,
                                                true,
                                                2,
                                                60,
                                                3,
                                                true,
                                                6,
                                                "e",
                                                8,
                                                true,
                                                9,
                                                7,
                                                10,
                                                true,
                                                11,
                                                "{\"d\":1}",
                                                12,
                                                true)),
                                7,
                                25,
                                8,
                                true,
                                10,
                                "n")));
        assertThat(reply(new Reply.Connected("c", "1.0", "n", Optional.empty(), Duration.ofSeconds(25), Map.of())))
                .isEqualTo(message(1, 7, 5, message(1, "c", 2, "1.0", 7, 25, 8, true, 10, "n")));
    }

    @Test
    void writesTheReplyToSubscribe() {
        assertThat(reply(new Reply.Subscribed(
                        new Position(42, "e"), Recovery.COMPLETE, List.of(publication()), Optional.empty(), null)))
                .isEqualTo(message(
                        1,
                        7,
                        6,
                        message(3, true, 6, "e", 7, writtenPublication(), 8, true, 9, 42, 10, true, 12, true)));
        assertThat(reply(new Reply.Subscribed(null, null, List.of(), Optional.empty(), null)))
                .isEqualTo(message(1, 7, 6, message()));
        assertThat(reply(new Reply.Subscribed(
                        new Position(0, "e"), Recovery.IMPOSSIBLE, List.of(), Optional.empty(), null)))
                .isEqualTo(message(1, 7, 6, message(3, true, 6, "e", 10, true, 12, true)));
    }

    @Test
    void writesAllOtherReplies() {
        assertThat(reply(new Reply.Unsubscribed())).isEqualTo(message(1, 7, 7, message()));
        assertThat(reply(new Reply.Published())).isEqualTo(message(1, 7, 8, message()));
        assertThat(reply(new Reply.PresenceRead(List.of(new Member(
                        "c",
                        "u",
                        "pod",
                        new ClientInfo("u", "c", RawJson.of("{\"a\":1}"), RawJson.of("[2]")).json())))))
                .isEqualTo(message(
                        1, 7, 9, message(1, message(1, "c", 2, message(1, "u", 2, "c", 3, "{\"a\":1}", 4, "[2]")))));
        assertThat(reply(new Reply.PresenceCounted(new PresenceStats(3, 2))))
                .isEqualTo(message(1, 7, 10, message(1, 3, 2, 2)));
        assertThat(reply(new Reply.HistoryRead(new Position(42, "e"), List.of(publication()))))
                .isEqualTo(message(1, 7, 11, message(1, writtenPublication(), 2, "e", 3, 42)));
        assertThat(reply(new Reply.Pong())).isEqualTo(message(1, 7, 12, message()));
        assertThat(reply(new Reply.Refreshed("c", "1.0", Optional.of(MINUTE))))
                .isEqualTo(message(1, 7, 14, message(1, "c", 2, "1.0", 3, true, 4, 60)));
        assertThat(reply(new Reply.SubRefreshed(Optional.of(Duration.ofMillis(10)))))
                .isEqualTo(message(1, 7, 15, message(1, true, 2, 1)));
        assertThat(reply(new Reply.Failed(ErrorCode.INTERNAL)))
                .isEqualTo(message(1, 7, 2, message(1, 100, 2, "internal server error", 3, true)));
        assertThat(reply(new Reply.Failed(ErrorCode.BAD_REQUEST)))
                .isEqualTo(message(1, 7, 2, message(1, 107, 2, "bad request")));
    }

    @Test
    void writesPushes() {
        // given
        var bob = new ClientInfo("bob", "c1", null, null).json();

        // then
        assertThat(push(new Push.Published("/event/Order__e", publication())))
                .containsExactly(message(4, message(2, "/event/Order__e", 4, writtenPublication())));
        assertThat(push(new Push.Joined("a", bob)))
                .containsExactly(message(4, message(2, "a", 5, message(1, message(1, "bob", 2, "c1")))));
        assertThat(push(new Push.Left("a", bob)))
                .containsExactly(message(4, message(2, "a", 6, message(1, message(1, "bob", 2, "c1")))));
        assertThat(push(new Push.Subscribed(
                        "a",
                        new Reply.Subscribed(
                                new Position(41, "e"), null, List.of(), Optional.empty(), RawJson.of("{\"d\":1}")))))
                .containsExactly(
                        message(4, message(2, "a", 9, message(1, true, 4, "e", 5, 41, 6, true, 7, "{\"d\":1}"))));
        assertThat(push(new Push.Unsubscribed("a", UnsubscribeCode.INSUFFICIENT_STATE)))
                .containsExactly(message(4, message(2, "a", 7, message(2, 2500, 3, "insufficient state"))));
        assertThat(push(new Push.Refreshed(MINUTE))).containsExactly(message(4, message(12, message(1, true, 2, 60))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "{\"user\":{}}", "{"})
    void whatIsNoClientInfoIsLeftOut(String info) {
        assertThat(push(new Push.Joined("a", RawJson.of(info))))
                .containsExactly(message(4, message(2, "a", 5, message(1, message()))));
    }

    @Test
    void aPingIsAnEmptyMessage() {
        // when
        ServerFrame ping = codec.ping();

        // then
        assertThat(ping.payload()).containsExactly(0);
        ping.release();
    }

    @Test
    void framesAreBinary() {
        // when
        ServerFrame ping = codec.ping();

        // then
        var wire = ping.forOneSocket();
        assertThat(wire.getUnsignedByte(0)).isEqualTo((short) 0x82);
        wire.release();
        ping.release();
    }

    private static byte[] publish(byte[] data) {
        return frame(message(1, 1, 7, message(1, "a", 2, data)));
    }

    private static Publication publication() {
        return new Publication(
                42,
                new Draft(
                        RawJson.of("{\"n\":1}"),
                        new ClientInfo("u", "c", RawJson.of("\"conn\""), RawJson.of("\"chan\"")).json(),
                        Map.of("org", "o\"x"),
                        TIME));
    }

    private static UnknownFieldSet writtenPublication() {
        return message(
                4,
                "{\"n\":1}",
                5,
                message(1, "u", 2, "c", 3, "\"conn\"", 4, "\"chan\""),
                6,
                42,
                7,
                message(1, "org", 2, "o\"x"),
                9,
                TIME.toEpochMilli());
    }

    private UnknownFieldSet reply(Reply reply) {
        List<UnknownFieldSet> messages = decoded(codec.encode(7, reply));
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    private List<UnknownFieldSet> push(Push push) {
        return decoded(codec.encode(push));
    }

    private static List<UnknownFieldSet> decoded(ServerFrame frame) {
        byte[] payload = frame.payload();
        frame.release();
        return messages(payload);
    }
}
