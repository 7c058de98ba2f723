package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoPageTest {

    private static final List<Ports.RelayPorts> RELAYS =
            List.of(new Ports.RelayPorts(8080, 9080), new Ports.RelayPorts(8081, 9081));

    @Test
    void liesBesideTheAddressesOfThePods() {
        try (var page = DemoPage.layOut(RELAYS)) {
            assertThat(page.folder().resolve("index.html")).content().contains("app.js", "style.css");
            assertThat(page.folder().resolve("app.js")).content().contains("./relay-connection.js");
            assertThat(page.folder().resolve("relay-connection.js")).isNotEmptyFile();
            assertThat(page.folder().resolve("style.css")).isNotEmptyFile();
            assertThat(page.folder().resolve("pods.json")).hasContent("""
                            [
                              "ws://127.0.0.1:8080/connection/websocket",
                              "ws://127.0.0.1:8081/connection/websocket"
                            ]
                            """);
        }
    }

    @Test
    void leavesNothingBehind() {
        // given
        var page = DemoPage.layOut(RELAYS);

        // when
        page.close();

        // then
        assertThat(page.folder()).doesNotExist();
    }
}
