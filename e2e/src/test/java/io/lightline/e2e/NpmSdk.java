package io.lightline.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** The folder {@code sdk} with the unmodified npm SDK. */
final class NpmSdk {

    private static final NpmProject PROJECT = NpmProject.in("sdk");
    static final Path FOLDER = PROJECT.folder();

    private NpmSdk() {}

    /** Installs what the lock file names, unless that was done since it changed. Of several processes one does it. */
    static void install() throws IOException, InterruptedException {
        PROJECT.install();
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds in time. Leaves no process behind. */
    static void run(ProcessBuilder command) throws IOException, InterruptedException {
        PROJECT.run(command);
    }
}
