package io.lightline.relay.control;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The thread on which orders are carried out, in the order in which they came; there is none while there is nothing to do. To look
 * through tens of thousands of sessions takes a millisecond, so a thousand orders at once would keep publications waiting for a second
 * if the delivery thread did it. One order too many is dropped, as orders may be lost anyway, and that is logged.
 */
@Singleton
final class OrderThread implements Executor {

    private static final Logger LOG = Logger.getLogger(OrderThread.class);
    private static final int MAX_WAITING = 10_000;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("orders-", 0).factory(),
            (_, _) -> LOG.warnf("An order from another pod is dropped waiting=%d", MAX_WAITING));

    @Override
    public void execute(Runnable order) {
        thread.execute(order);
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
