package io.lightline.backplane;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The one thread on which a {@link Backplane} answers and delivers. What is executed from one thread runs in its order. */
public interface DeliveryThread extends Executor {

    /** Whether the caller is on it. */
    boolean isCurrent();

    /** Runs a task on it once, after the delay, unless cancelled before. */
    Timer schedule(Duration delay, Runnable task);

    /** A task that waits. */
    interface Timer {
        void cancel();
    }
}
