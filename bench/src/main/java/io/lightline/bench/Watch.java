package io.lightline.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a pod all the time, from the first look to {@link #close}: is it ready, how much memory does it hold. Looking costs the pod a
 * little, the same in every phase.
 */
final class Watch implements AutoCloseable {

    private static final int READY = 200;
    private static final long READINESS_MILLIS = 100;
    private static final long MEMORY_MILLIS = 1000;

    private final Pod pod;
    private final ServerProcess process;
    private final Duration cpuBefore;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("watch-", 0).factory());
    private volatile long asked;
    private volatile long notReady;
    private volatile long heap;
    private volatile long direct;
    private volatile long resident;

    private Watch(Pod pod) {
        this.pod = pod;
        this.process = ServerProcess.listeningOn(pod.address().getPort());
        this.cpuBefore = process.cpu();
    }

    static Watch start(Pod pod) {
        var watch = new Watch(pod);
        var _ = watch.threads.scheduleWithFixedDelay(watch::readiness, 0, READINESS_MILLIS, TimeUnit.MILLISECONDS);
        var _ = watch.threads.scheduleWithFixedDelay(watch::memory, 0, MEMORY_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void readiness() {
        boolean ready = pod.readiness() == READY;
        asked++;
        if (!ready) {
            notReady++;
        }
    }

    private void memory() {
        Metrics metrics = pod.metrics();
        heap = Math.max(heap, metrics.heapBytes());
        direct = Math.max(direct, metrics.directBytes());
        resident = Math.max(resident, process.residentBytes());
    }

    /** The largest values since the start, and what was used since then. */
    Seen seen() {
        return new Seen(asked, notReady, heap, direct, resident, process.cpu().minus(cpuBefore));
    }

    /**
     * What was seen of a pod.
     *
     * @param asked how often whether it is ready
     * @param notReady how often it was not, or did not answer
     */
    record Seen(long asked, long notReady, long heapBytes, long directBytes, long residentBytes, Duration cpu) {}

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
