package io.lightline.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of this machine. {@code CHROMIUM} in the environment names another one. */
final class Chromium {

    static final String MISSING =
            "No Chromium on PATH, so the browser tests are skipped: apt-get install chromium, or set CHROMIUM";

    private Chromium() {}

    static Optional<Path> find() {
        return Optional.ofNullable(System.getenv("CHROMIUM"))
                .map(Path::of)
                .or(Chromium::onPath)
                .filter(Files::isExecutable);
    }

    private static Optional<Path> onPath() {
        return Stream.of(System.getenv("PATH").split(System.getProperty("path.separator"), -1))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
