package io.lightline.backplane;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Who answers on a pod, by channel, and a bounded number of questions that they have taken. Lives on the delivery thread. */
final class Servers {

    private static final Logger LOG = Logger.getLogger(Servers.class);

    private final DeliveryThread thread;
    private final BackplaneConfig config;
    private final Map<ChannelName, Function<RawJson, Uni<RawJson>>> servers = new HashMap<>();
    private int underway;

    Servers(DeliveryThread thread, BackplaneConfig config) {
        this.thread = thread;
        this.config = config;
    }

    /** In place of the one before, if any. */
    void add(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        servers.put(channel, server);
    }

    /** Only that one; false when it has been replaced. */
    boolean remove(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        return servers.remove(channel, server);
    }

    /** What was taken is answered all the same. */
    void remove(ChannelName channel) {
        servers.remove(channel);
    }

    /** @param asker called on the delivery thread, once, or never when nobody serves the channel here any more */
    void take(ChannelName channel, RawJson question, Consumer<Reply> asker) {
        Function<RawJson, Uni<RawJson>> server = servers.get(channel);
        if (server == null) {
            return;
        }
        if (underway >= config.maxInFlight()) {
            asker.accept(new Reply.Failed(underway + " questions are being answered already"));
            return;
        }
        underway++;
        Uni.createFrom()
                .deferred(() -> server.apply(question))
                .map(Servers::given)
                .onFailure()
                .recoverWithItem(failure -> failed(channel, failure))
                .emitOn(thread)
                .subscribe()
                .with(answer -> {
                    underway--;
                    asker.accept(answer);
                });
    }

    private static Reply given(RawJson answer) {
        return answer.length() > Backplane.MAX_QUESTION
                ? new Reply.Failed("an answer of " + answer.length() + " bytes is too large")
                : new Reply.Given(answer);
    }

    private static Reply failed(ChannelName channel, Throwable failure) {
        LOG.warnf(failure, "A question could not be answered channel=%s", channel);
        return new Reply.Failed(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
}
