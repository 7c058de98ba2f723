package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A signal that {@link Process} has no method for, sent by the {@code kill} command. */
enum Signal {
    /** Freezes the process: its connections stay open and nothing answers. */
    STOP,
    /** Lets a frozen process go on. */
    CONT;

    /** Blocks until the signal is sent. */
    void sendTo(Process process) {
        try {
            // The shell has it built in; the command is missing from slim systems.
            int exit = new ProcessBuilder("sh", "-c", "kill -" + name() + " " + process.pid())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name() + " " + process.pid() + " answered " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No sh", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending " + name(), e);
        }
    }
}
