package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void namesThePortsThatOthersListenOnAndWhatTheyWereFor() throws IOException {
        // given
        var free = Ports.free();
        try (var stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = stranger.getLocalPort();
            int alsoTaken = other.getLocalPort();

            // when
            var ports = new Ports(
                    free.redis(),
                    List.of(new Ports.RelayPorts(taken, free.relays().getFirst().management())),
                    free.publisherManagement(),
                    free.simulatorHttp(),
                    free.simulatorGrpc(),
                    alsoTaken);

            // then
            assertThatThrownBy(ports::requireFree)
                    .hasMessage("In use on 127.0.0.1, so nothing was started: port " + taken + " (relay 1), "
                            + alsoTaken + " (simulator's Streaming API)");
        }
    }

    @Test
    void freePortsAreTwoPodsAndNobodyListensOnThem() {
        // when
        var ports = Ports.free();

        // then
        ports.requireFree();
        assertThat(ports.relays()).hasSize(2);
    }
}
