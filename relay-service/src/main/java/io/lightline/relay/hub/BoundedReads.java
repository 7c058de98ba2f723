package io.lightline.relay.hub;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Lets so many readings run at once and makes the others wait: in order, those that are not urgent last. Delivery thread only. */
final class BoundedReads {

    private final int limit;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Queue<Runnable> patient = new ArrayDeque<>();
    private int running;
    private boolean pumping;

    BoundedReads(int limit) {
        this.limit = limit;
    }

    /** Starts the reading when its turn has come; then one of the two consumers is called, or both when the first one throws. */
    <T> void start(Uni<T> reading, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        waiting.add(task(reading, onItem, onFailure));
        pump();
    }

    /** As {@link #start}, after all others that wait. */
    <T> void startPatiently(Uni<T> reading, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        patient.add(task(reading, onItem, onFailure));
        pump();
    }

    private <T> Runnable task(Uni<T> reading, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        return () -> reading.subscribe()
                .with(
                        item -> end(() -> handOver(item, onItem, onFailure)),
                        failure -> end(() -> onFailure.accept(failure)));
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
            while (running < limit && !(waiting.isEmpty() && patient.isEmpty())) {
                running++;
                (waiting.isEmpty() ? patient : waiting).remove().run();
            }
        } finally {
            pumping = false;
        }
    }
}
