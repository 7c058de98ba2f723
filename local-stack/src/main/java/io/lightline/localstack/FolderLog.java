package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps each service's output in a file {@code <service>.log}, so that a failed test can be read afterwards. */
public final class FolderLog implements StackLog {

    private final Path folder;

    /** Creates the folder; files of an earlier run are continued. */
    public FolderLog(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + folder, e);
        }
    }

    @Override
    public void line(String service, String text) {
        try {
            Files.writeString(
                    folder.resolve(service + ".log"),
                    text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the log of " + service, e);
        }
    }
}
