package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backplane of a single process, for one pod without Redis and for tests. Several instances on one
 * {@link InMemoryStore} are several pods: each has its own delivery thread. It is never interrupted.
 */
public final class InMemoryBackplane implements Backplane {

    private static final AtomicInteger PODS = new AtomicInteger();

    private final String podId = UUID.randomUUID().toString();
    private final InMemoryStore store;
    private final BackplaneConfig config;
    private final SingleThread thread = new SingleThread("backplane-" + PODS.incrementAndGet());
    private final OpenQuestions questions;
    private final Servers servers;
    /** Touched on the delivery thread only. */
    private final Set<ChannelName> subscribed = new HashSet<>();

    private volatile BackplaneState state = new BackplaneState.Ready();
    private volatile @Nullable BackplaneListener listener;

    public InMemoryBackplane(InMemoryStore store, BackplaneConfig config) {
        this.store = store;
        this.config = config;
        questions = new OpenQuestions(thread, config);
        servers = new Servers(thread, config);
    }

    @Override
    public Uni<Position> publish(ChannelName channel, Draft draft, PublishOptions options) {
        return answer(() -> store.publish(channel, draft, options, config));
    }

    @Override
    public Uni<Copied> publishFrom(
            ChannelName channel, List<SourceEvent> events, Retention retention, Checkpoint checkpoint) {
        return answer(() -> store.publishFrom(channel, events, retention, checkpoint, config));
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel) {
        return answer(() -> store.checkpoint(channel));
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel, long fence) {
        return answer(() -> store.checkpoint(channel, fence));
    }

    @Override
    public Uni<List<ChannelName>> channels(String tenant, String prefix) {
        return answer(() -> store.channels(tenant, prefix));
    }

    @Override
    public Uni<History> history(ChannelName channel, HistoryQuery query) {
        return answer(() -> store.history(channel, query, config));
    }

    @Override
    public Uni<Void> removeHistory(ChannelName channel) {
        return perform(() -> store.removeHistory(channel));
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
        store.attach(this);
    }

    @Override
    public DeliveryThread deliveryThread() {
        return thread;
    }

    @Override
    public Uni<Void> enter(ChannelName channel, Member member, PresenceOptions options) {
        return perform(() -> store.enter(channel, member, options, config));
    }

    @Override
    public Uni<Void> leave(ChannelName channel, Member member, PresenceOptions options) {
        return perform(() -> store.leave(channel, member, options));
    }

    @Override
    public Uni<Void> keep(ChannelName channel, Collection<Member> present, PresenceOptions options) {
        return perform(() -> store.keep(channel, present, options, config));
    }

    @Override
    public Uni<List<Member>> presence(ChannelName channel, int limit) {
        return answer(() -> store.presence(channel, limit));
    }

    @Override
    public Uni<PresenceStats> presenceStats(ChannelName channel) {
        return answer(() -> store.presenceStats(channel));
    }

    @Override
    public String podId() {
        return podId;
    }

    @Override
    public Uni<Void> control(RawJson message) {
        return perform(() -> store.control(message));
    }

    @Override
    public Uni<Void> control(String otherPodId, RawJson message) {
        return perform(() -> store.control(otherPodId, message));
    }

    @Override
    public Uni<RawJson> ask(ChannelName channel, RawJson question) {
        return onThread(asker -> {
            long number = questions.open(channel, question, asker);
            if (store.ask(channel, question, answer -> thread.execute(() -> questions.answer(number, answer))) == 0) {
                questions.fail(number, new NobodyServesException(channel));
            }
        });
    }

    @Override
    public Uni<Void> serve(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        return perform(() -> {
            servers.add(channel, server);
            store.serve(channel, this);
        });
    }

    @Override
    public Uni<Void> unserve(ChannelName channel) {
        return perform(() -> {
            servers.remove(channel);
            store.unserve(channel, this);
        });
    }

    @Override
    public Uni<Void> revoke(Revocation revocation) {
        return perform(() -> store.revoke(revocation));
    }

    @Override
    public Uni<List<Revocation>> revocations() {
        return answer(store::revocations);
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
    public Uni<LeaseAnswer> claim(LeaseClaim claim) {
        return answer(() -> store.claim(claim));
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
                    store.detach(this);
                    questions.failAll("closed");
                    thread.close();
                });
    }

    /** Like {@link #tell} and {@link #say} called by the store under its lock, so that all pods see one order. */
    void deliver(ChannelName channel, String epoch, Publication publication) {
        hear(present -> {
            if (subscribed.contains(channel)) {
                present.onPublication(channel, epoch, publication);
            }
        });
    }

    void tell(ChannelName channel, PresenceEvent event) {
        hear(present -> {
            if (subscribed.contains(channel)) {
                present.onPresence(channel, event);
            }
        });
    }

    void say(RawJson message) {
        hear(present -> present.onControl(message));
    }

    void question(ChannelName channel, RawJson question, Consumer<Reply> asker) {
        thread.execute(() -> servers.take(channel, question, asker));
    }

    private void hear(Consumer<BackplaneListener> news) {
        thread.execute(() -> {
            BackplaneListener present = listener;
            if (present != null) {
                news.accept(present);
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
        return onThread(emitter -> emitter.complete(work.get()));
    }

    private <T> Uni<T> onThread(Consumer<UniEmitter<? super T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            if (!state.ready()) {
                emitter.fail(new BackplaneUnavailableException("The backplane is closed"));
                return;
            }
            thread.execute(() -> {
                try {
                    work.accept(emitter);
                } catch (RuntimeException failure) {
                    emitter.fail(failure);
                }
            });
        });
    }
}
