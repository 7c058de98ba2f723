package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneListener;
import io.lightline.backplane.BackplaneState;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.Copied;
import io.lightline.backplane.DeliveryThread;
import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.LeaseAnswer;
import io.lightline.backplane.LeaseClaim;
import io.lightline.backplane.Member;
import io.lightline.backplane.NodeInfo;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.PresenceOptions;
import io.lightline.backplane.PresenceStats;
import io.lightline.backplane.Publication;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.backplane.Revocation;
import io.lightline.backplane.SourceEvent;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A backplane that loses live publications, refuses readings or holds them back, as the test wishes. */
public final class LossyBackplane implements Backplane {

    private final Backplane real;
    public final AtomicInteger historyReads = new AtomicInteger();
    final Map<ChannelName, Integer> readsOf = new ConcurrentHashMap<>();
    /** Channels with a reading that waits, or waited, for {@link #readings}. */
    final Set<ChannelName> heldBack = ConcurrentHashMap.newKeySet();

    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger subscribes = new AtomicInteger();
    final AtomicInteger unsubscribes = new AtomicInteger();
    volatile LongPredicate loses = offset -> false;
    public volatile boolean down;
    public volatile Predicate<ChannelName> takes = channel -> true;
    public volatile CountDownLatch readings = new CountDownLatch(0);
    public final AtomicInteger keeps = new AtomicInteger();
    public volatile CountDownLatch keeping = new CountDownLatch(0);

    public LossyBackplane(Backplane real) {
        this.real = real;
    }

    @Override
    public void listen(BackplaneListener listener) {
        real.listen(new BackplaneListener() {
            @Override
            public void onPublication(ChannelName channel, String epoch, Publication publication) {
                if (loses.test(publication.offset())) {
                    lost.incrementAndGet();
                } else {
                    listener.onPublication(channel, epoch, publication);
                }
            }

            @Override
            public void onPresence(ChannelName channel, PresenceEvent event) {
                listener.onPresence(channel, event);
            }

            @Override
            public void onControl(RawJson message) {
                listener.onControl(message);
            }

            @Override
            public void onInterrupted() {
                listener.onInterrupted();
            }

            @Override
            public void onRestored() {
                listener.onRestored();
            }
        });
    }

    private <T> Uni<T> unlessDown(Uni<T> work) {
        return Uni.createFrom()
                .deferred(() -> down ? Uni.createFrom().failure(new BackplaneUnavailableException("test")) : work);
    }

    @Override
    public Uni<History> history(ChannelName channel, HistoryQuery query) {
        return unlessDown(real.history(channel, query).onItem().transformToUni(history -> {
            historyReads.incrementAndGet();
            readsOf.merge(channel, 1, Integer::sum);
            CountDownLatch gate = readings;
            if (gate.getCount() > 0) {
                heldBack.add(channel);
            }
            return behind(gate, history);
        }));
    }

    private <T> Uni<T> behind(CountDownLatch gate, @Nullable T answer) {
        return Uni.createFrom()
                .emitter(emitter -> Thread.ofVirtual().start(() -> {
                    await(gate);
                    real.deliveryThread().execute(() -> emitter.complete(answer));
                }));
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Uni<Void> subscribe(ChannelName channel) {
        subscribes.incrementAndGet();
        return unlessDown(real.subscribe(channel));
    }

    @Override
    public Uni<Void> unsubscribe(ChannelName channel) {
        unsubscribes.incrementAndGet();
        return real.unsubscribe(channel);
    }

    @Override
    public Uni<Position> publish(ChannelName channel, Draft draft, PublishOptions options) {
        return takes.test(channel)
                ? real.publish(channel, draft, options)
                : Uni.createFrom().failure(new BackplaneUnavailableException("test"));
    }

    @Override
    public Uni<Copied> publishFrom(
            ChannelName channel, List<SourceEvent> events, Retention retention, Checkpoint checkpoint) {
        return real.publishFrom(channel, events, retention, checkpoint);
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel) {
        return real.checkpoint(channel);
    }

    @Override
    public Uni<Optional<String>> checkpoint(ChannelName channel, long fence) {
        return real.checkpoint(channel, fence);
    }

    @Override
    public Uni<List<ChannelName>> channels(String tenant, String prefix) {
        return real.channels(tenant, prefix);
    }

    @Override
    public Uni<LeaseAnswer> claim(LeaseClaim claim) {
        return real.claim(claim);
    }

    @Override
    public DeliveryThread deliveryThread() {
        return real.deliveryThread();
    }

    @Override
    public Uni<Void> removeHistory(ChannelName channel) {
        return real.removeHistory(channel);
    }

    @Override
    public Uni<Void> enter(ChannelName channel, Member member, PresenceOptions options) {
        return unlessDown(real.enter(channel, member, options));
    }

    @Override
    public Uni<Void> leave(ChannelName channel, Member member, PresenceOptions options) {
        return unlessDown(real.leave(channel, member, options));
    }

    @Override
    public Uni<Void> keep(ChannelName channel, Collection<Member> present, PresenceOptions options) {
        return unlessDown(real.keep(channel, present, options).onItem().transformToUni(_ -> {
            keeps.incrementAndGet();
            return behind(keeping, null);
        }));
    }

    @Override
    public Uni<List<Member>> presence(ChannelName channel, int limit) {
        return unlessDown(real.presence(channel, limit));
    }

    @Override
    public Uni<PresenceStats> presenceStats(ChannelName channel) {
        return unlessDown(real.presenceStats(channel));
    }

    @Override
    public String podId() {
        return real.podId();
    }

    @Override
    public Uni<RawJson> ask(ChannelName channel, RawJson question) {
        return unlessDown(real.ask(channel, question));
    }

    @Override
    public Uni<Void> serve(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        return unlessDown(real.serve(channel, server));
    }

    @Override
    public Uni<Void> unserve(ChannelName channel) {
        return unlessDown(real.unserve(channel));
    }

    @Override
    public Uni<Void> control(RawJson message) {
        return unlessDown(real.control(message));
    }

    @Override
    public Uni<Void> control(String podId, RawJson message) {
        return unlessDown(real.control(podId, message));
    }

    @Override
    public Uni<Void> revoke(Revocation revocation) {
        return unlessDown(real.revoke(revocation));
    }

    @Override
    public Uni<List<Revocation>> revocations() {
        return unlessDown(real.revocations());
    }

    @Override
    public Uni<Void> announce(NodeInfo node) {
        return real.announce(node);
    }

    @Override
    public Uni<List<NodeInfo>> nodes() {
        return real.nodes();
    }

    @Override
    public BackplaneState state() {
        return real.state();
    }

    @Override
    public Uni<Void> close() {
        return real.close();
    }
}
