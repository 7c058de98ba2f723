package io.lightline.backplane;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A delivery thread of its own, without an event loop. After {@link #close} it forgets what it is given. */
final class SingleThread implements DeliveryThread {

    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    SingleThread(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    var created = new Thread(task, name);
                    created.setDaemon(true);
                    thread = created;
                    return created;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> waiting = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    void close() {
        executor.shutdown();
    }
}
