package io.lightline.backplane;

import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A delivery thread that is one of Vert.x' event loops. Connections that are opened on it answer on it, so nothing hops
 * between threads and nothing needs a lock.
 */
final class EventLoop implements DeliveryThread {

    private final ContextInternal context;

    EventLoop(Vertx vertx) {
        context = ((VertxInternal) vertx).createEventLoopContext();
    }

    @Override
    public boolean isCurrent() {
        return context.nettyEventLoop().inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    /** At once when the caller is on it already, else like {@link #execute}. */
    void run(Runnable task) {
        if (isCurrent()) {
            context.dispatch(task);
        } else {
            execute(task);
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> waiting =
                context.nettyEventLoop().schedule(() -> context.dispatch(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    /** One whose handlers run here. */
    <T> Promise<T> promise() {
        return context.promise();
    }
}
