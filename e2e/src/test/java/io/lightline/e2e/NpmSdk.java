package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder {@code sdk} with the unmodified npm SDK. */
final class NpmSdk {

    static final Path FOLDER = Path.of("sdk").toAbsolutePath();

    private NpmSdk() {}

    /** Installs what the lock file names, unless that was done since it changed. */
    static void install() throws IOException, InterruptedException {
        Path lock = FOLDER.resolve("package-lock.json");
        Path installed = FOLDER.resolve("node_modules/.package-lock.json");
        boolean current = Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) > 0;
        if (!current) {
            run(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund"));
        }
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds. */
    static void run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process =
                command.directory(FOLDER.toFile()).redirectErrorStream(true).start();
        try {
            process.inputReader(StandardCharsets.UTF_8).lines().forEach(System.out::println);
            assertThat(process.waitFor())
                    .as("%s in %s", command.command(), FOLDER)
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
