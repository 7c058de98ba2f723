package io.lightline.relay.presence;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Member;
import io.lightline.backplane.PresenceOptions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Tells the backplane which of this pod's clients are on which channel, and repeats it: the store forgets whom nobody speaks
 * for, so that a dead pod's clients vanish. What cannot be told now is told with the next repetition. All of its state belongs
 * to the backplane's delivery thread; calls from elsewhere hop there, in their order.
 */
@Singleton
public final class LocalPresence {

    private static final Logger LOG = Logger.getLogger(LocalPresence.class);

    /** Repetitions within the time after which the store forgets: two may fail. */
    private static final int REPETITIONS = 3;

    /** Channels told about at once. */
    private static final int CONCURRENCY = 32;

    private final Backplane backplane;
    private final Duration interval;
    private final Map<ChannelName, Present> channels = new HashMap<>();
    private boolean telling;
    private boolean again;

    public LocalPresence(Backplane backplane, BackplaneConfig config) {
        this.backplane = backplane;
        this.interval = config.presenceTtl().dividedBy(REPETITIONS);
    }

    /** The clients of one channel. */
    private record Present(PresenceOptions options, Map<String, Member> members) {}

    /** Begins to repeat. To be called once. */
    public void start() {
        backplane.deliveryThread().schedule(interval, () -> {
            tellAll();
            start();
        });
    }

    public void enter(ChannelName channel, Member member, PresenceOptions options) {
        backplane.deliveryThread().execute(() -> {
            if (options.listed()) {
                channels.computeIfAbsent(channel, _ -> new Present(options, new HashMap<>()))
                        .members
                        .put(member.client(), member);
            }
            tell(backplane.enter(channel, member, options), channel);
        });
    }

    public void leave(ChannelName channel, Member member, PresenceOptions options) {
        backplane.deliveryThread().execute(() -> {
            channels.computeIfPresent(channel, (_, present) -> {
                present.members.remove(member.client());
                return present.members.isEmpty() ? null : present;
            });
            tell(backplane.leave(channel, member, options), channel);
        });
    }

    /** The store may have forgotten everything, also what is just being told. Delivery thread. */
    public void restored() {
        again = telling;
        tellAll();
    }

    private void tellAll() {
        if (telling || channels.isEmpty()) {
            return;
        }
        telling = true;
        // Not Uni.join: it nests a call in a call for every failure that comes at once, until the stack is full.
        Multi.createFrom()
                .iterable(List.copyOf(channels.keySet()))
                .onItem()
                .transformToUni(channel -> told(channel).onFailure().recoverWithNull())
                .merge(CONCURRENCY)
                .subscribe()
                .with(_ -> {}, _ -> endRound(), this::endRound);
    }

    private void endRound() {
        telling = false;
        if (again) {
            again = false;
            tellAll();
        }
    }

    /** Looks when its turn has come who is there then. */
    private Uni<Void> told(ChannelName channel) {
        return Uni.createFrom().deferred(() -> {
            Present present = channels.get(channel);
            return present == null
                    ? Uni.createFrom().voidItem()
                    : backplane.keep(channel, List.copyOf(present.members.values()), present.options);
        });
    }

    private static void tell(Uni<Void> news, ChannelName channel) {
        news.subscribe()
                .with(
                        _ -> {},
                        failure -> LOG.debugf("Presence not told yet channel=%s: %s", channel, failure.getMessage()));
    }
}
