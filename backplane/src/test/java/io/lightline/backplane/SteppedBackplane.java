package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The way of a source into an {@link InMemoryStore}, step by step in a time of its own and all on the thread of the test: what
 * happens is decided by the test alone, so a failure comes again with the same seed.
 */
final class SteppedBackplane {

    static final BackplaneConfig CONFIG = TestConfig.defaults();

    /** A call for the events of a source. */
    record Call(ChannelName channel, List<SourceEvent> events, Checkpoint checkpoint) {

        List<String> ids() {
            return events.stream().map(SourceEvent::id).toList();
        }
    }

    /** What becomes of a call. */
    interface Course {

        /** @param effect takes effect in the store, and answers as the store does */
        void take(Call call, Supplier<Copied> effect, UniEmitter<? super Copied> answer);
    }

    private record Task(long at, long order, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private final InMemoryStore store = new InMemoryStore(this::time);
    private final List<Call> calls = new ArrayList<>();
    private long now;
    private long order;

    InMemoryStore store() {
        return store;
    }

    /** In the order in which they were made. */
    List<Call> calls() {
        return calls;
    }

    long now() {
        return now;
    }

    void later(long delay, Runnable work) {
        tasks.add(new Task(now + delay, order++, work));
    }

    /** Until nothing is left to do. */
    void run() {
        for (Task next = tasks.poll(); next != null; next = tasks.poll()) {
            now = next.at;
            next.work.run();
        }
    }

    /** One that does what a source needs. */
    Backplane pod(Course course) {
        return pod(course, () -> true);
    }

    /** @param alive whether its process is: one that was killed does nothing any more */
    Backplane pod(Course course, BooleanSupplier alive) {
        var thread = new Thread(alive);
        // The port has many methods, of which a sink uses few.
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(),
                new Class<?>[] {Backplane.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "deliveryThread" -> thread;
                    case "checkpoint" -> checkpoint((ChannelName) arguments[0], (long) arguments[1]);
                    case "publishFrom" -> publishFrom(course, arguments);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    List<String> texts(ChannelName channel) {
        return TestPod.texts(
                store.history(channel, BackplaneContract.ALL, CONFIG).publications());
    }

    private Uni<?> checkpoint(ChannelName channel, long fence) {
        return Uni.createFrom()
                .emitter(answer -> later(1, () -> {
                    try {
                        answer.complete(store.checkpoint(channel, fence));
                    } catch (FencedException fenced) {
                        answer.fail(fenced);
                    }
                }));
    }

    @SuppressWarnings("unchecked")
    private Uni<Copied> publishFrom(Course course, Object[] arguments) {
        var call = new Call((ChannelName) arguments[0], (List<SourceEvent>) arguments[1], (Checkpoint) arguments[3]);
        var retention = (Retention) arguments[2];
        return Uni.createFrom().emitter(answer -> {
            calls.add(call);
            course.take(
                    call,
                    () -> store.publishFrom(call.channel, call.events, retention, call.checkpoint, CONFIG),
                    answer);
        });
    }

    private Instant time() {
        return Instant.EPOCH.plusMillis(now);
    }

    private final class Thread implements DeliveryThread {

        private final BooleanSupplier alive;

        Thread(BooleanSupplier alive) {
            this.alive = alive;
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            schedule(Duration.ZERO, task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            later(delay.toMillis(), () -> {
                if (alive.getAsBoolean()) {
                    task.run();
                }
            });
            return () -> {
                throw new UnsupportedOperationException("cancel");
            };
        }
    }
}
