package io.lightline.backplane;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets those share a reading who ask for the same at the same time. One reading of it runs at once; who comes meanwhile shares
 * the next one, so that nobody is answered with what was read before the question. Lives on the event loop.
 */
final class SharedReadings<Q, A> {

    private final EventLoop loop;
    private final Function<Q, Future<A>> reading;
    /** What is being read now, and who waits for the next reading of it. */
    private final Map<Q, Optional<Promise<A>>> running = new HashMap<>();

    SharedReadings(EventLoop loop, Function<Q, Future<A>> reading) {
        this.loop = loop;
        this.reading = reading;
    }

    Future<A> read(Q question) {
        Optional<Promise<A>> next = running.get(question);
        if (next == null) {
            return start(question);
        }
        Promise<A> shared = next.orElseGet(loop::promise);
        running.put(question, Optional.of(shared));
        return shared.future();
    }

    private Future<A> start(Q question) {
        Future<A> answer = reading.apply(question);
        running.put(question, Optional.empty());
        return answer.onComplete(_ -> ended(question));
    }

    private void ended(Q question) {
        Optional<Promise<A>> next = running.remove(question);
        if (next != null) {
            next.ifPresent(shared -> start(question).onComplete(shared));
        }
    }
}
