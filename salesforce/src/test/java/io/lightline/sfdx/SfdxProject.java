package io.lightline.sfdx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's files. */
final class SfdxProject {

    static final Path FOLDER = Path.of("").toAbsolutePath();
    static final Path SOURCES = FOLDER.resolve("force-app/main/default");

    private SfdxProject() {}

    /** All files below a folder of the sources; none if there is no such folder. */
    static List<Path> files(String folder) {
        Path root = SOURCES.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an org would get, without the components. */
    static void copyTo(Path folder) throws IOException {
        Files.copy(FOLDER.resolve("sfdx-project.json"), folder.resolve("sfdx-project.json"));
        for (Path file : files("")) {
            if (!file.startsWith(SOURCES.resolve("lwc"))) {
                Path copy = folder.resolve(FOLDER.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
