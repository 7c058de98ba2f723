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

/** A folder of this module with a {@code package.json}. */
record NpmProject(Path folder) {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    static NpmProject in(String folder) {
        return new NpmProject(Path.of(folder).toAbsolutePath());
    }

    /** Installs what the lock file names, unless that was done since it changed. Of several processes one does it. */
    void install() throws IOException, InterruptedException {
        try (var turn = FileChannel.open(
                        Path.of("target", "npm-install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = turn.lock()) {
            assertThat(held.isValid()).isTrue();
            installUnlessCurrent();
        }
    }

    private void installUnlessCurrent() throws IOException, InterruptedException {
        Path lock = folder.resolve("package-lock.json");
        Path installed = folder.resolve("node_modules/.package-lock.json");
        boolean current = Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) > 0;
        if (!current) {
            run(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund"));
        }
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds in time. Leaves no process behind. */
    void run(ProcessBuilder command) throws IOException, InterruptedException {
        run(command, LIMIT);
    }

    /** As {@link #run(ProcessBuilder)}, with a limit of one's own. */
    void run(ProcessBuilder command, Duration limit) throws IOException, InterruptedException {
        Process process =
                command.directory(folder.toFile()).redirectErrorStream(true).start();
        // An interrupt does not end the reading of a pipe, so nobody who can be interrupted reads;
        // and it would keep the carrier of a virtual thread.
        Thread output = Thread.ofPlatform().daemon().start(() -> show(process));
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s in %s ends within %s", command.command(), folder, limit)
                    .isTrue();
            output.join(LAST_WORDS);
            assertThat(process.exitValue())
                    .as("%s in %s", command.command(), folder)
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
