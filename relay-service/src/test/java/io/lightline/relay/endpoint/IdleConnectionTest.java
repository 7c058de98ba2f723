package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** {@code quarkus.http.idle-timeout}, which ends connections that never become anything, spares WebSockets that answer pings. */
@QuarkusTest
@TestProfile(IdleConnectionTest.Impatient.class)
@NullUnmarked
class IdleConnectionTest {

    /** A second apart, so that they take longer than the idle timeout. */
    private static final int PINGS = 10;

    private static final String PING = "\u0081\u0002{}";

    /** As by default, in seconds of four. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "lightline.backplane.type",
                    "memory",
                    "lightline.session.ping-interval",
                    "1s",
                    "quarkus.http.idle-timeout",
                    "4S");
        }
    }

    @TestHTTPResource("/")
    URI server;

    @Test
    void aConnectionThatAsksForNothingIsClosed() throws IOException {
        try (var silent = RawSocket.to(server)) {
            assertThat(silent.readsToTheEnd()).isEmpty();
        }
    }

    @Test
    void aWebSocketThatAnswersPingsStaysOpen() throws IOException {
        try (var client = RawSocket.upgraded(server)) {
            // given
            client.sends(ClientFrame.text("{\"id\":1,\"connect\":{}}"));

            // when
            for (int i = 0; i < PINGS; i++) {
                client.readsUntil(PING);
                client.sends(ClientFrame.text("{}"));
            }

            // then
            client.sends(ClientFrame.close(1000));
            assertThat(client.readsToTheEnd()).startsWith(0x88, 0x02, 0x03, 0xE8);
        }
    }
}
