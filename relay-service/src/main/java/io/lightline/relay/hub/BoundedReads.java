package io.lightline.relay.hub;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Lets so many readings run at once and makes the others wait in order. Delivery thread only. */
final class BoundedReads {

    private final int limit;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean pumping;

    BoundedReads(int limit) {
        this.limit = limit;
    }

    /** Starts the reading when its turn has come; then one of the two consumers is called, or both when the first one throws. */
    <T> void start(Uni<T> reading, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        waiting.add(() -> reading.subscribe()
                .with(
                        item -> end(() -> handOver(item, onItem, onFailure)),
                        failure -> end(() -> onFailure.accept(failure))));
        pump();
    }

    private static <T> void handOver(T item, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        try {
            onItem.accept(item);
        } catch (RuntimeException | OutOfMemoryError e) {
            onFailure.accept(e);
        }
    }

    private void end(Runnable consumer) {
        running--;
        try {
            consumer.run();
        } finally {
            pump();
        }
    }

    /** A reading may end while it is being started, thousands of them in a row: no call inside another one. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (running < limit && !waiting.isEmpty()) {
                running++;
                waiting.remove().run();
            }
        } finally {
            pumping = false;
        }
    }
}
