package io.lightline.relay;

import static io.lightline.relay.protocol.Handwritten.child;
import static io.lightline.relay.protocol.Handwritten.frame;
import static io.lightline.relay.protocol.Handwritten.message;
import static io.lightline.relay.protocol.Handwritten.number;
import static io.lightline.relay.protocol.Handwritten.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UnknownFieldSet;
import io.lightline.backplane.RedisResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One pod with a real Redis and binary sockets; the numbers are those of the protocol's fields. */
@QuarkusTest
@WithTestResource(RedisResource.class)
@NullUnmarked
class ProtobufServiceTest {

    private static final int ERROR = 2;
    private static final int CONNECT = 4;
    private static final int SUBSCRIBE = 5;
    private static final int PUBLISH = 7;
    private static final int HISTORY = 10;
    private static final int SUBSCRIBED = 6;
    private static final int PUBLISHED = 8;
    private static final int HISTORY_READ = 11;
    private static final int PUB = 4;

    @TestHTTPResource("/")
    URI server;

    @ParameterizedTest
    @CsvSource({
        "centrifuge-protobuf, '', centrifuge-protobuf",
        "other, centrifuge-protobuf, centrifuge-protobuf",
        "other, '', ''"
    })
    void theHandshakeAgreesOnTheSubprotocolThatWeKnow(String first, String second, String agreed) {
        // given
        URI endpoint = URI.create("ws" + server.toString().substring("http".length()) + "connection/websocket");
        var others = second.isEmpty() ? new String[0] : new String[] {second};

        // when
        try (var http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols(first, others)
                    .buildAsync(endpoint, new WebSocket.Listener() {})
                    .join();

            // then
            assertThat(socket.getSubprotocol()).isEqualTo(agreed);
            socket.abort();
        }
    }

    @Test
    void clientsOfBothEncodingsTalkToEachOther() {
        // given
        var alice = BinaryClient.connect(server);
        var bob = SocketClient.connect(server);
        alice.asks(SUBSCRIBE, message(1, "chat:both"));
        bob.subscribes("chat:both");

        // when
        UnknownFieldSet reply = alice.asks(PUBLISH, message(1, "chat:both", 2, "{\"from\": \"alice\"}"));
        bob.asks("publish", "{\"channel\":\"chat:both\",\"data\":{\"from\": \"bob\"}}");

        // then
        assertThat(reply.hasField(PUBLISHED)).isTrue();
        await().untilAsserted(() -> assertThat(bob.pushes()).hasSize(2));
        assertThat(bob.pushes().getFirst())
                .contains("\"data\":{\"from\": \"alice\"},\"offset\":1,\"info\":{\"user\":\"\",\"client\":");
        await().untilAsserted(() -> assertThat(alice.pushes()).hasSize(2));
        UnknownFieldSet ofBob = child(alice.pushes().getLast(), PUB);
        assertThat(text(alice.pushes().getLast(), 2)).isEqualTo("chat:both");
        assertThat(text(ofBob, 4)).isEqualTo("{\"from\": \"bob\"}");
        assertThat(number(ofBob, 6)).isEqualTo(2);
        assertThat(text(child(ofBob, 5), 2)).isNotEmpty();
        alice.leaves();
        bob.leaves();
    }

    @Test
    void aClientThatWasAwayRecovers() {
        // given
        var alice = BinaryClient.connect(server);
        String epoch = text(child(alice.asks(SUBSCRIBE, message(1, "chat:binary-away")), SUBSCRIBED), 6);
        alice.leaves();
        var bob = BinaryClient.connect(server);
        IntStream.rangeClosed(1, 50).forEach(i -> bob.asks(PUBLISH, message(1, "chat:binary-away", 2, "" + i)));

        // when
        var again = BinaryClient.connect(server);
        UnknownFieldSet reply = again.asks(SUBSCRIBE, message(1, "chat:binary-away", 3, true, 6, epoch));

        // then
        UnknownFieldSet subscribed = child(reply, SUBSCRIBED);
        assertThat(number(subscribed, 8)).isEqualTo(1);
        assertThat(subscribed.getField(7).getLengthDelimitedList()).hasSize(50);
        bob.leaves();
        again.leaves();
    }

    @Test
    void severalCommandsMayShareAFrame() {
        // given
        var alice = BinaryClient.open(server);

        // when
        alice.says(frame(
                message(1, 1, CONNECT, message()),
                message(1, 2, SUBSCRIBE, message(1, "chat:batch")),
                message(1, 3, HISTORY, message(1, "chat:batch", 7, -1L))));

        // then
        assertThat(alice.reply(2).hasField(SUBSCRIBED)).isTrue();
        assertThat(alice.reply(3).hasField(HISTORY_READ)).isTrue();
        alice.leaves();
    }

    @Test
    void dataThatIsNoJsonIsRefusedAndTheConnectionGoesOn() {
        // given
        var alice = BinaryClient.connect(server);

        // when
        UnknownFieldSet refused = alice.asks(PUBLISH, message(1, "chat:a", 2, new byte[] {1, 2, 3}));

        // then
        assertThat(number(child(refused, ERROR), 1)).isEqualTo(107);
        assertThat(alice.asks(PUBLISH, message(1, "chat:a", 2, "[]")).hasField(PUBLISHED))
                .isTrue();
        alice.leaves();
    }

    @Test
    void aTextFrameIsTheWrongProtocol() {
        // given
        var alice = BinaryClient.connect(server);

        // when
        alice.saysText("{}");

        // then
        alice.isClosedWith(3506);
    }

    @Test
    void rubbishClosesWithTheProtocolsCode() {
        // given
        var alice = BinaryClient.connect(server);

        // when
        alice.says(new byte[] {5, 1});

        // then
        alice.isClosedWith(3501);
    }
}
