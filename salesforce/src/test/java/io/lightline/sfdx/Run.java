package io.lightline.sfdx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that was run to its end. */
record Run(int exitCode, String output) {

    private static final Duration LIMIT = Duration.ofMinutes(8);

    /** Leaves no process behind, whatever happens. */
    static Run of(Path folder, List<String> command) throws IOException, InterruptedException {
        // A file and no pipe: nobody has to read while the program runs.
        Path output = Files.createTempFile(Files.createDirectories(Path.of("target")), "run", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        command + " takes longer than " + LIMIT + ":\n" + Files.readString(output));
            }
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
