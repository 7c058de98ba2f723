package io.lightline.relay.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.Draft;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.relay.protocol.Reply.Recovery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);

    private final FrameCodec codec = new JsonCodec();

    @Test
    void readsEveryCommandOfAFrame() throws MalformedFrameException {
        // when
        var requests = codec.decode("""
                {"id":1,"connect":{"token":"t","name":"js","version":"5"}}
                {"id":2,"subscribe":{"channel":"a","recover":true,"epoch":"x","offset":41}}

                {"id":3,"unsubscribe":{"channel":"a"}}
                {"history":{"channel":"a","limit":-1,"since":{"offset":7,"epoch":"e"},"reverse":true},"id":4}
                {}
                """);

        // then
        assertThat(requests)
                .containsExactly(
                        new Request(1, new Command.Connect("t", Map.of())),
                        new Request(2, new Command.Subscribe("a", "", new Position(41, "x"), null, false)),
                        new Request(3, new Command.Unsubscribe("a")),
                        new Request(4, new Command.History("a", -1, new Position(7, "e"), true)),
                        new Request(0, new Command.Pong()));
    }

    @Test
    void subscribesAnewUnlessRecoveryIsAskedFor() throws MalformedFrameException {
        // when
        var requests = codec.decode("{\"id\":2,\"subscribe\":{\"channel\":\"a\",\"epoch\":\"x\",\"offset\":41}}");

        // then
        assertThat(requests).containsExactly(new Request(2, new Command.Subscribe("a", "", null, null, false)));
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
                "\"\uD83D\uDE00\""
            })
    void keepsDataToTheLetter(String data) throws MalformedFrameException {
        // when
        var middle = codec.decode("{\"id\":1,\"publish\":{\"data\":" + data + ",\"channel\":\"a\"}}");
        var last = codec.decode("{\"id\":1,\"publish\":{\"channel\":\"a\", \"data\": " + data + " }}");

        // then
        var publish = new Request(1, new Command.Publish("a", RawJson.of(data)));
        assertThat(middle).containsExactly(publish);
        assertThat(last).containsExactly(publish);
    }

    @Test
    void keepsDataThatIsLargerThanTheParsersBuffer() throws MalformedFrameException {
        // given
        String data = "{\"text\":\"" + "x".repeat(60_000) + "\"}";

        // when
        var requests = codec.decode("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + data + "}}");

        // then
        assertThat(requests).containsExactly(new Request(1, new Command.Publish("a", RawJson.of(data))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":1,\"subscribe\":{\"channel\":5}} | channel is not a string",
                "{\"id\":1,\"subscribe\":{\"channel\":\"a\",\"offset\":-1}} | offset is negative",
                "{\"id\":1,\"subscribe\":{\"channel\":\"a\",\"recover\":\"yes\"}} | recover is not true or false",
                "{\"id\":1,\"history\":{\"channel\":\"a\",\"since\":3}} | since is not an object",
                "{\"id\":1,\"history\":{\"channel\":\"a\",\"limit\":[1]}} | limit is not a whole number",
                "{\"id\":1,\"publish\":{\"channel\":\"a\"}} | no data",
                "{\"id\":1,\"publish\":[]} | publish is not an object",
                "{\"id\":1} | no method"
            })
    void namesWhatIsWrongWithACommand(String frame, String problem) throws MalformedFrameException {
        // when
        var requests = codec.decode(frame);

        // then
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.id()).isEqualTo(1);
            assertThat(request.command())
                    .isInstanceOfSatisfying(
                            Command.Malformed.class,
                            malformed -> assertThat(malformed.problem()).contains(problem));
        });
    }

    @Test
    void tellsMethodsThatAreNotOfferedFromUnknownOnes() throws MalformedFrameException {
        // when
        var requests = codec.decode("{\"id\":1,\"rpc\":{\"method\":\"x\"}}\n{\"id\":2,\"dance\":{\"a\":{\"b\":[1]}}}");

        // then
        assertThat(requests)
                .containsExactly(
                        new Request(1, new Command.Unsupported("rpc")), new Request(2, new Command.Unknown("dance")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":-1,\"ping\":{}}",
                "{\"id\":\"x\",\"ping\":{}}",
                "{\"id\":1.5}",
                "hello",
                "{",
                "{\"id\":1,}",
                "[]",
                "\"x\"",
                "{} {}",
                "{\"id\":1,\"connect\":{}} x"
            })
    void refusesWhatIsNoProtocolAtAll(String frame) {
        assertThatThrownBy(() -> codec.decode(frame)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void refusesJsonThatIsNestedTooDeeply() {
        // given
        String deep = "[".repeat(500) + "]".repeat(500);

        // then
        assertThatThrownBy(() -> codec.decode("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + deep + "}}"))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void writesRepliesAsTheSdksExpectThem() {
        // given
        var publication = new Publication(
                42, new Draft(RawJson.of("{\"n\":1}"), RawJson.of("{\"user\":\"u\"}"), Map.of("org", "o\"x"), TIME));

        // then
        assertThat(text(new Reply.Connected(
                        "c", "1.0", "n", Optional.of(Duration.ofSeconds(270)), Duration.ofSeconds(25), Map.of())))
                .isEqualTo(
                        "{\"id\":7,\"connect\":{\"client\":\"c\",\"version\":\"1.0\",\"node\":\"n\",\"expires\":true,"
                                + "\"ttl\":270,\"ping\":25,\"pong\":true}}");
        assertThat(text(new Reply.Subscribed(
                        new Position(42, "e"), Recovery.COMPLETE, List.of(publication), Optional.empty(), null)))
                .isEqualTo(
                        "{\"id\":7,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"e\",\"offset\":42,"
                                + "\"was_recovering\":true,\"recovered\":true,\"publications\":[{\"data\":{\"n\":1},\"offset\":42,"
                                + "\"info\":{\"user\":\"u\"},\"tags\":{\"org\":\"o\\\"x\"},\"time\":1700000000123}]}}");
        assertThat(text(new Reply.Subscribed(null, null, List.of(), Optional.empty(), null)))
                .isEqualTo("{\"id\":7,\"subscribe\":{}}");
        assertThat(text(new Reply.Subscribed(
                        new Position(0, "e"), Recovery.IMPOSSIBLE, List.of(), Optional.empty(), null)))
                .isEqualTo("{\"id\":7,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"e\","
                        + "\"was_recovering\":true,\"recovered\":false}}");
        assertThat(text(new Reply.HistoryRead(new Position(3, "e"), List.of())))
                .isEqualTo("{\"id\":7,\"history\":{\"epoch\":\"e\",\"offset\":3}}");
        assertThat(text(new Reply.Failed(ErrorCode.INTERNAL)))
                .isEqualTo(
                        "{\"id\":7,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}");
        assertThat(text(new Reply.Published())).isEqualTo("{\"id\":7,\"publish\":{}}");
        assertThat(text(new Reply.Unsubscribed())).isEqualTo("{\"id\":7,\"unsubscribe\":{}}");
        assertThat(text(new Reply.Pong())).isEqualTo("{\"id\":7,\"ping\":{}}");
    }

    @Test
    void writesPushes() {
        // given
        var publication = new Publication(1, new Draft(RawJson.of("\"é\"\n"), null, Map.of(), TIME));

        // then
        assertThat(text(codec.encode(new Push.Published("/event/Order__e", publication))))
                .isEqualTo("{\"push\":{\"channel\":\"/event/Order__e\",\"pub\":{\"data\":\"é\" ,\"offset\":1,"
                        + "\"time\":1700000000123}}}");
        assertThat(text(codec.encode(new Push.Unsubscribed("a", UnsubscribeCode.INSUFFICIENT_STATE))))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}");
        assertThat(new ClientInfo("u", "c", RawJson.of("{\"name\":\"x\"}"), null).json())
                .isEqualTo(RawJson.of("{\"user\":\"u\",\"client\":\"c\",\"conn_info\":{\"name\":\"x\"}}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 125, 126, 127, 65_535, 65_536})
    void framesTextAsRfc6455Has(int length) {
        // given
        byte[] payload = "x".repeat(length).getBytes(StandardCharsets.UTF_8);

        // when
        var frame = ServerFrame.text(payload);

        // then
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        assertThat(frame.bytes()).isEqualTo(header + length);
        assertThat(frame.text()).isEqualTo("x".repeat(length));
        frame.release();
    }

    private String text(Reply reply) {
        return text(codec.encode(7, reply));
    }

    private static String text(ServerFrame frame) {
        String text = frame.text();
        frame.release();
        return text;
    }
}
