package io.lightline.e2e;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Relays of a test's own that belong together. */
record RelayPods(List<LoneRelay> relays) implements AutoCloseable {

    /**
     * Starts them side by side; none is left when one of them does not come up.
     *
     * @param start starts one and waits until it is ready, by its number from 0
     */
    static RelayPods start(int count, IntFunction<LoneRelay> start) throws InterruptedException, ExecutionException {
        var started = new CopyOnWriteArrayList<LoneRelay>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<LoneRelay>> starts = IntStream.range(0, count)
                    .mapToObj(pod -> (Callable<LoneRelay>) () -> {
                        LoneRelay relay = start.apply(pod);
                        started.add(relay);
                        return relay;
                    })
                    .toList();
            List<Future<LoneRelay>> pods = threads.invokeAll(starts);
            for (Future<LoneRelay> pod : pods) {
                pod.get();
            }
            return new RelayPods(pods.stream().map(Future::resultNow).toList());
        } catch (ExecutionException | InterruptedException e) {
            // All threads have ended by now: those pods that did start are known.
            started.forEach(LoneRelay::close);
            throw e;
        }
    }

    LoneRelay get(int pod) {
        return relays.get(pod);
    }

    @Override
    public void close() {
        relays.forEach(LoneRelay::close);
    }
}
