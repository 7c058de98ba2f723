package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backplane of a single process, for one pod without Redis and for tests. Several instances on one
 * {@link InMemoryStore} are several pods: each has its own delivery thread. It is never interrupted.
 */
public final class InMemoryBackplane implements Backplane {

    private static final AtomicInteger PODS = new AtomicInteger();

    private final InMemoryStore store;
    private final BackplaneConfig config;
    private final SingleThread thread = new SingleThread("backplane-" + PODS.incrementAndGet());
    /** Touched on the delivery thread only. */
    private final Set<ChannelName> subscribed = new HashSet<>();

    private volatile BackplaneState state = new BackplaneState.Ready();
    private volatile @Nullable BackplaneListener listener;

    public InMemoryBackplane(InMemoryStore store, BackplaneConfig config) {
        this.store = store;
        this.config = config;
    }

    @Override
    public Uni<Position> publish(ChannelName channel, Draft draft, PublishOptions options) {
        return answer(() -> store.publish(channel, draft, options, config));
    }

    @Override
    public Uni<Integer> publishFrom(
            ChannelName channel, List<SourceEvent> events, Retention retention, Checkpoint checkpoint) {
        return answer(() -> store.publishFrom(channel, events, retention, checkpoint, config));
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel) {
        return answer(() -> store.checkpoint(channel));
    }

    @Override
    public Uni<History> history(ChannelName channel, HistoryQuery query) {
        return answer(() -> store.history(channel, query, config));
    }

    @Override
    public Uni<Void> subscribe(ChannelName channel) {
        return perform(() -> {
            subscribed.add(channel);
            store.subscribe(channel, this);
        });
    }

    @Override
    public Uni<Void> unsubscribe(ChannelName channel) {
        return perform(() -> {
            subscribed.remove(channel);
            store.unsubscribe(channel, this);
        });
    }

    @Override
    public void listen(BackplaneListener newListener) {
        listener = new GuardedListener(newListener);
    }

    @Override
    public DeliveryThread deliveryThread() {
        return thread;
    }

    @Override
    public Uni<Void> announce(NodeInfo node) {
        return perform(() -> store.announce(node, config));
    }

    @Override
    public Uni<List<NodeInfo>> nodes() {
        return answer(store::nodes);
    }

    @Override
    public BackplaneState state() {
        return state;
    }

    @Override
    public Uni<Void> close() {
        return !state.ready()
                ? Uni.createFrom().voidItem()
                : perform(() -> {
                    state = new BackplaneState.Unavailable("closed");
                    subscribed.forEach(channel -> store.unsubscribe(channel, this));
                    thread.close();
                });
    }

    /** Called by the store under its lock, so that all pods see one order. */
    void deliver(ChannelName channel, String epoch, Publication publication) {
        thread.execute(() -> {
            BackplaneListener present = listener;
            if (present != null && subscribed.contains(channel)) {
                present.onPublication(channel, epoch, publication);
            }
        });
    }

    private Uni<Void> perform(Runnable work) {
        return answer(() -> {
            work.run();
            return null;
        });
    }

    private <T> Uni<T> answer(Supplier<@Nullable T> work) {
        return Uni.createFrom().emitter(emitter -> {
            if (!state.ready()) {
                emitter.fail(new BackplaneUnavailableException("The backplane is closed"));
                return;
            }
            thread.execute(() -> {
                try {
                    emitter.complete(work.get());
                } catch (RuntimeException failure) {
                    emitter.fail(failure);
                }
            });
        });
    }
}
