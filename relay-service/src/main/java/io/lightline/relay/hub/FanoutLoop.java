package io.lightline.relay.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The way from the delivery thread to one event loop. Whatever was posted while the loop was busy runs as one batch, and each
 * subscriber that got something is flushed once at its end: a lone publication leaves at once, and under load many share a
 * system call.
 */
public final class FanoutLoop {

    private static final Logger LOG = Logger.getLogger(FanoutLoop.class);

    /** After so many tasks the loop looks at its sockets again. */
    private static final int BATCH = 256;

    /** More waiting publications than this on one loop, and their subscribers are better off recovering. */
    private static final int OVERLOAD = 65_536;

    private final Executor eventLoop;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final List<LoopSubscribers> touched = new ArrayList<>();
    private final List<Runnable> afterBatch = new ArrayList<>();

    /** @param eventLoop runs tasks one at a time and in order, on the thread that owns the subscribers' connections */
    public FanoutLoop(Executor eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** Runs a task on the loop, after all that were posted before. */
    void post(Runnable task) {
        waiting.incrementAndGet();
        mailbox.add(task);
        if (scheduled.compareAndSet(false, true)) {
            eventLoop.execute(this::drain);
        }
    }

    boolean isOverloaded() {
        return waiting.get() >= OVERLOAD;
    }

    /** On the loop, once a batch: somebody in this group has something to flush at its end. */
    void touched(LoopSubscribers group) {
        touched.add(group);
    }

    /** On the loop: runs when what this batch has written is flushed. */
    void afterBatch(Runnable task) {
        afterBatch.add(task);
    }

    private void drain() {
        for (int i = 0; i < BATCH; i++) {
            Runnable task = mailbox.poll();
            if (task == null) {
                break;
            }
            waiting.decrementAndGet();
            runGuarded(task);
        }
        touched.forEach(group -> runGuarded(group::flush));
        touched.clear();
        if (!afterBatch.isEmpty()) {
            afterBatch.forEach(FanoutLoop::runGuarded);
            afterBatch.clear();
        }
        scheduled.set(false);
        if (!mailbox.isEmpty() && scheduled.compareAndSet(false, true)) {
            eventLoop.execute(this::drain);
        }
    }

    /** One task's bug, or a moment without memory, must not stop the loop for everybody. */
    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("A fan-out task failed", e);
        }
    }
}
