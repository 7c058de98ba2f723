package io.lightline.relay.session;

import static io.lightline.relay.protocol.Handwritten.frame;
import static io.lightline.relay.protocol.Handwritten.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.Encoding;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is different for a client that speaks protobuf. */
class ProtobufSessionTest {

    private static final byte[] EMPTY = frame(message());

    private final SessionPod pod = new SessionPod(Map.of("lightline.tenants.demo.anonymous", "true"));
    private final TestClient client = pod.open("s1", Encoding.PROTOBUF, Optional.empty());

    @BeforeEach
    void connect() {
        client.says(frame(message(1, 1, 4, message())));
        assertThat(client.outbox.said()).hasSize(1);
    }

    @AfterEach
    void close() {
        pod.close();
    }

    @Test
    void anEmptyMessageIsAPingAndItsAnswer() {
        // when
        client.later(Duration.ofSeconds(26));
        client.says(EMPTY);
        client.later(Duration.ofSeconds(9));

        // then
        assertThat(client.outbox.said()).hasSize(2).last().isEqualTo("\0");
        assertThat(client.outbox.closed).isEmpty();
    }

    @Test
    void whoDoesNotAnswerIsClosed() {
        // when
        client.later(Duration.ofSeconds(26));
        client.later(Duration.ofSeconds(9));

        // then
        client.isClosedWith(CloseCode.NO_PONG);
    }

    @Test
    void textIsTheWrongProtocol() {
        // when
        client.says("{}");

        // then
        client.isClosedWith(CloseCode.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void rubbishIsABadRequest() {
        // when
        client.says(new byte[] {5, 1});

        // then
        client.isClosedWith(CloseCode.BAD_REQUEST);
    }
}
