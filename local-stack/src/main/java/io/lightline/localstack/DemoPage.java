package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The demo page, laid out in a folder of its own that the relays serve, with {@code pods.json} beside it: the pods that the
 * page connects to. {@link #close} removes the folder.
 */
final class DemoPage implements AutoCloseable {

    private static final List<String> FILES = List.of("index.html", "app.js", "relay-connection.js", "style.css");

    private final Path folder;

    private DemoPage(Path folder) {
        this.folder = folder;
    }

    static DemoPage layOut(List<Ports.RelayPorts> relays) {
        try {
            var page = new DemoPage(Files.createTempDirectory("lightline-page-"));
            for (String file : FILES) {
                page.copy(file);
            }
            Files.writeString(page.folder.resolve("pods.json"), pods(relays));
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lay out the demo page", e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder, e);
        }
    }

    private void copy(String file) throws IOException {
        try (var content = DemoPage.class.getResourceAsStream("/page/" + file)) {
            if (content == null) {
                throw new IllegalStateException("The jar has no page/" + file);
            }
            Files.copy(content, folder.resolve(file));
        }
    }

    private static String pods(List<Ports.RelayPorts> relays) {
        return relays.stream()
                .map(relay -> "\"ws://127.0.0.1:" + relay.http() + "/connection/websocket\"")
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }
}
