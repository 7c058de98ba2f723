package io.lightline.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that this machine may have: what {@code scripts/install-test-tools} installs where it can. */
record InstalledProgram(Path executable) {

    /** What a program that has ended left. */
    record Outcome(int exitCode, String output) {}

    /** Skips the test where there is none, and says how to get it. */
    static InstalledProgram require(String name) {
        Optional<Path> found = find(name);
        assumeTrue(found.isPresent(), () -> name + " is not installed: see scripts/install-test-tools");
        return new InstalledProgram(found.orElseThrow());
    }

    /** Debian keeps daemons where not every PATH looks. */
    private static Optional<Path> find(String name) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    List<String> command(List<String> arguments) {
        var command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(arguments);
        return command;
    }

    /** Runs it to its end. */
    Outcome run(String... arguments) {
        try {
            Process process = new ProcessBuilder(command(List.of(arguments)))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError("Cannot run " + executable, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
