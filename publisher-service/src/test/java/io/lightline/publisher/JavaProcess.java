package io.lightline.publisher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A packaged service in a process of its own. {@link #close} ends it; what it prints is kept for the test to read. */
final class JavaProcess implements AutoCloseable {

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private JavaProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().start(() -> read(process.inputReader()));
    }

    /** @param module folder of the module whose {@code quarkus-run.jar} to start */
    static JavaProcess start(Path module, Map<String, String> properties) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(module.resolve(Path.of("target", "quarkus-app", "quarkus-run.jar"))
                .toString());
        try {
            return new JavaProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command, e);
        }
    }

    List<String> output() {
        return output;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Waits for the end that the process comes to by itself. */
    int awaitExit() {
        try {
            int status = process.waitFor();
            reader.join();
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a process ended", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        awaitExit();
    }

    private void read(BufferedReader lines) {
        try {
            lines.lines().forEach(output::add);
        } catch (UncheckedIOException closed) {
            // Its end is the end of what it prints.
        }
    }
}
