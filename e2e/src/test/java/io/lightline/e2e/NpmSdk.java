package io.lightline.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** The folder {@code sdk} with the unmodified npm SDK. */
final class NpmSdk {

    private static final NpmProject PROJECT = NpmProject.in("sdk");
    static final Path FOLDER = PROJECT.folder();

    private NpmSdk() {}

    /** Installs what the lock file names, unless that was done since it changed. */
    static void install() throws IOException, InterruptedException {
        PROJECT.install();
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds in time. Leaves no process behind. */
    static void run(ProcessBuilder command) throws IOException, InterruptedException {
<<<<<<< HEAD
        PROJECT.run(command);
=======
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
>>>>>>> main
    }
}
