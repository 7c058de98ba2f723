package io.lightline.relay.ops;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests to the server API that are being answered: from the first byte to the last of the answer, or to the loss of
 * the connection. Any thread; never blocks.
 */
@Singleton
final class ApiRequests {

    private static final String PATH = "/api/";

    /** Before whatever may answer. */
    private static final int PRIORITY = 1_000;

    private final AtomicInteger running = new AtomicInteger();

    void register(@Observes Filters filters) {
        filters.register(this::count, PRIORITY);
    }

    private void count(RoutingContext context) {
        if (context.normalizedPath().startsWith(PATH)) {
            Runnable end = begin();
            context.addEndHandler(_ -> end.run());
        }
        context.next();
    }

    /** A request has come. What is returned ends it, and does so once. */
    Runnable begin() {
        running.incrementAndGet();
        var ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                running.decrementAndGet();
            }
        };
    }

    int running() {
        return running.get();
    }
}
