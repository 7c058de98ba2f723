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

    BoundedReads(int limit) {
        this.limit = limit;
    }

    /** Starts the reading when its turn has come; one of the two consumers is called exactly once. */
    <T> void start(Uni<T> reading, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        Runnable start = () -> reading.subscribe()
                .with(
                        item -> {
                            ended();
                            onItem.accept(item);
                        },
                        failure -> {
                            ended();
                            onFailure.accept(failure);
                        });
        if (running < limit) {
            running++;
            start.run();
        } else {
            waiting.add(start);
        }
    }

    /** Its place goes to the next one. */
    private void ended() {
        Runnable next = waiting.poll();
        if (next == null) {
            running--;
        } else {
            next.run();
        }
    }
}
