package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {

    @TempDir
    Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void isReadyWhenItsAddressAnswersAndItsLinesReachTheLog() throws IOException {
        // given
        int port = FreePort.next();
        try (var service = tinyService(port)) {
            // when
            service.start();
            service.awaitReady();

            // then
            assertThat(service.readiness()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(lines).containsExactly("tiny: hello from " + port));
            assertThat(service.lastLines()).containsExactly("hello from " + port);
        }
    }

    @Test
    void comesBackAfterAKill() throws IOException {
        // given
        try (var service = tinyService(FreePort.next())) {
            service.start();
            service.awaitReady();
            long first = service.pid();

            // when
            service.kill();
            int afterKill = service.readiness();
            service.start();
            service.awaitReady();

            // then
            assertThat(afterKill).isZero();
            assertThat(service.pid()).isNotEqualTo(first);
        }
    }

    @Test
    void answersAgainAfterAPause() throws IOException {
        // given
        try (var service = tinyService(FreePort.next())) {
            service.start();
            service.awaitReady();

            // when: the signal takes a moment to arrive
            service.pause();
            await().until(() -> !service.isReady());
            service.resume();

            // then
            await().until(service::isReady);
        }
    }

    @Test
    void saysWhyItDidNotStart() throws IOException {
        // given
        try (var service = tinyService(0)) {
            // when
            service.start();

            // then
            assertThatThrownBy(service::awaitReady)
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("tiny ended with 3");
            await().untilAsserted(() -> assertThat(service.lastLines()).containsExactly("no port to listen on"));
        }
    }

    @Test
    void closingEndsTheProcess() throws IOException {
        // given
        int port = FreePort.next();
        var service = tinyService(port);
        service.start();
        service.awaitReady();
        long pid = service.pid();

        // when
        service.close();

        // then
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(FreePort.isFree(port)).isTrue();
    }

    private ServiceProcess tinyService(int port) throws IOException {
        return new ServiceProcess(
                new ServiceProcess.Settings(
                        "tiny",
                        TinyService.jar(folder),
                        Map.of("tiny.port", "" + port),
                        URI.create("http://127.0.0.1:" + port + "/")),
                (name, line) -> lines.add(name + ": " + line));
    }
}
