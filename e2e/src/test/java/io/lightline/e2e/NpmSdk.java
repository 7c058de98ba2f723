package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The folder {@code sdk} with the unmodified npm SDK. */
final class NpmSdk {

    static final Path FOLDER = Path.of("sdk").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private NpmSdk() {}

    /** Installs what the lock file names, unless that was done since it changed. Of several processes one does it. */
    static void install() throws IOException, InterruptedException {
        try (var turn = FileChannel.open(
                        Path.of("target", "npm-install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = turn.lock()) {
            assertThat(held.isValid()).isTrue();
            installUnlessCurrent();
        }
    }

    private static void installUnlessCurrent() throws IOException, InterruptedException {
        Path lock = FOLDER.resolve("package-lock.json");
        Path installed = FOLDER.resolve("node_modules/.package-lock.json");
        boolean current = Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) > 0;
        if (!current) {
            run(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund"));
        }
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds in time. Leaves no process behind. */
    static void run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process =
                command.directory(FOLDER.toFile()).redirectErrorStream(true).start();
        // An interrupt does not end the reading of a pipe, so nobody who can be interrupted reads; and it would keep
        // the carrier of
        // a virtual thread.
        Thread output = Thread.ofPlatform().daemon().start(() -> show(process));
        try {
            assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s in %s ends within %s", command.command(), FOLDER, LIMIT)
                    .isTrue();
            output.join(LAST_WORDS);
            assertThat(process.exitValue())
                    .as("%s in %s", command.command(), FOLDER)
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void show(Process process) {
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(System.out::println);
        } catch (IOException | UncheckedIOException ended) {
            // Destroyed in the middle of a line: there is nothing more to show.
        }
    }
}
