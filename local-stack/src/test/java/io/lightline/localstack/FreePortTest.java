package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void givesEachPortOnce() {
        // when
        var ports = IntStream.range(0, 120).mapToObj(i -> FreePort.next()).toList();

        // then
        assertThat(ports).doesNotHaveDuplicates().allMatch(FreePort::isFree);
    }

    @Test
    void listensOnTheFirstPortOfItsBlockSoThatNoOtherProcessTakesIt() {
        // when
        int port = FreePort.next();

        // then
        assertThat(FreePort.isFree(port - port % 50)).isFalse();
    }
}
