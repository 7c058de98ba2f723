package io.lightline.relay.tenant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Keys in a file. It is read whole each time, which costs less than to find out reliably that it has not changed.
 *
 * @param decoder of its text
 */
record KeyFile(Path file, Function<String, List<VerificationKey>> decoder) implements KeyReader {

    @Override
    public CompletionStage<List<VerificationKey>> read() {
        return CompletableFuture.supplyAsync(this::readNow, Thread::startVirtualThread);
    }

    /** As {@link #read}, on this thread. */
    List<VerificationKey> readNow() {
        try {
            return decoder.apply(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
