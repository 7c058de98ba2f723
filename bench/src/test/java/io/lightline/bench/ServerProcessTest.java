package io.lightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ServerProcessTest {

    @Test
    void findsWhoListensOnAPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerProcess process = ServerProcess.listeningOn(socket.getLocalPort());

            assertThat(process.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(process.residentBytes()).isPositive();
            assertThat(process.cpu()).isPositive();
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatThrownBy(() -> ServerProcess.listeningOn(port)).hasMessageContaining("" + port);
    }

    @Test
    void knowsHowManyFilesMayBeOpen() {
        assertThat(ServerProcess.openFilesLimit()).isGreaterThan(100);
    }
}
