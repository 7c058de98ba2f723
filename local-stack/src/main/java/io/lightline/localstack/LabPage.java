package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page of the experiment, as {@code salesforce/local} has built it from the SFDX components. It needs Node.js to be built, so
 * it may not be there.
 */
final class LabPage {

    /** Below the demo page. */
    static final String PATH = "lab/";

    private final Path site;

    private LabPage(Path site) {
        this.site = site;
    }

    /** The one that was built in the project. */
    static Optional<LabPage> of(Path project) {
        Path site = project.resolve("salesforce/local/target/site");
        return Optional.of(site)
                .filter(folder -> Files.exists(folder.resolve("lab.js")))
                .map(LabPage::new);
    }

    /** Copies it below the folder, and {@code settings.json} beside it: where the page finds everything. */
    void layOut(Path folder, List<Ports.RelayPorts> relays, Simulator simulator) {
        Path target = folder.resolve(PATH);
        try (Stream<Path> files = Files.walk(site)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(site.relativize(file).toString()));
            }
            Files.writeString(target.resolve("settings.json"), settings(relays, simulator));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lay out the lab", e);
        }
    }

    private static String settings(List<Ports.RelayPorts> relays, Simulator simulator) {
        return """
                {
                  "relays": [%s],
                  "org": "%s",
                  "streaming": "%s",
                  "token": "%s"
                }
                """.formatted(
                        relays.stream()
                                .map(relay -> "\"ws://127.0.0.1:" + relay.http() + "/connection/websocket\"")
                                .collect(Collectors.joining(", ")),
                        simulator.httpUri(""),
                        simulator.streamingUri(),
                        Simulator.TOKEN);
    }
}
