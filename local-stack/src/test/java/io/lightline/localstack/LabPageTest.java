package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabPageTest {

    private static final Ports PORTS = Ports.wellKnown();

    @TempDir
    Path project;

    @TempDir
    Path folder;

    @Test
    void liesBelowTheDemoPageWithTheAddressesOfEverything() throws IOException {
        // given
        Path site = Files.createDirectories(project.resolve("salesforce/local/target/site"));
        Files.writeString(site.resolve("lab.js"), "the lab");
        Files.writeString(site.resolve("index.html"), "its page");
        var simulator = Simulator.of(PORTS, project.resolve("none.jar"), (_, _) -> {});

        // when
        LabPage.of(project).orElseThrow().layOut(folder, PORTS.relays(), simulator);

        // then
        assertThat(folder.resolve("lab/lab.js")).hasContent("the lab");
        assertThat(folder.resolve("lab/index.html")).hasContent("its page");
        assertThat(folder.resolve("lab/settings.json")).hasContent("""
                        {
                          "relays": ["ws://127.0.0.1:8080/connection/websocket", "ws://127.0.0.1:8081/connection/websocket"],
                          "org": "http://127.0.0.1:7080",
                          "streaming": "http://127.0.0.1:7081/cometd/66.0",
                          "token": "demo"
                        }
                        """);
    }

    @Test
    void isNotThereWhenItWasNotBuilt() {
        assertThat(LabPage.of(project)).isEmpty();
    }
}
