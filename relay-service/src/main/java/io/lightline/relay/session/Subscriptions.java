package io.lightline.relay.session;

import io.lightline.backplane.RawJson;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.lightline.relay.tenant.Standing;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One session's subscriptions by channel, and how they end without the client's asking. On the connection's event loop only;
 * the count may be asked from any thread.
 */
final class Subscriptions {

    private final Session session;
    private final SessionServices services;
    private final Map<String, Subscription> byChannel = new HashMap<>();

    Subscriptions(Session session, SessionServices services) {
        this.session = session;
        this.services = services;
    }

    int size() {
        return byChannel.size();
    }

    boolean full() {
        return byChannel.size() >= services.config().maxChannels();
    }

    boolean contains(String channel) {
        return byChannel.containsKey(channel);
    }

    @Nullable
    Subscription on(String channel) {
        return byChannel.get(channel);
    }

    List<Subscription> all() {
        return List.copyOf(byChannel.values());
    }

    /** What being on a channel, or not, entitles to. */
    Standing standing(String channel) {
        Subscription subscription = byChannel.get(channel);
        return subscription == null
                ? new Standing.Outside()
                : new Standing.Subscribed(subscription.terms().forced());
    }

    /** What others see of the client on a channel; empty for nothing, and where it is not. */
    Optional<RawJson> info(String channel) {
        return Optional.ofNullable(byChannel.get(channel))
                .map(subscription -> subscription.terms().info());
    }

    void start(Subscription.Terms terms, Subscription.Outcome outcome) {
        var subscription = new Subscription(session, services, terms, outcome);
        byChannel.put(subscription.channel(), subscription);
        subscription.join();
    }

    /** Takes the client from a channel, for that reason, and tells it. */
    void end(Subscription subscription, UnsubscribeCode code) {
        services.metrics().unsubscribed(code);
        forget(subscription);
        if (subscription.joining()) {
            // The client waits for an answer, and would not listen to a push.
            subscription.leave(code == UnsubscribeCode.SERVER ? ErrorCode.PERMISSION_DENIED : ErrorCode.INTERNAL);
        } else {
            subscription.leave(ErrorCode.INTERNAL);
            session.push(new Push.Unsubscribed(subscription.channel(), code));
        }
        session.goOn();
    }

    void endExpired(Instant limit) {
        List<Subscription> expired =
                byChannel.values().stream().filter(one -> one.expired(limit)).toList();
        expired.forEach(subscription -> end(subscription, UnsubscribeCode.EXPIRED));
    }

    /** The client leaves the channel, when it is there. */
    void leave(String channel) {
        Subscription left = byChannel.remove(channel);
        if (left != null) {
            left.leave(ErrorCode.BAD_REQUEST);
        }
    }

    /** Tells nobody but who waits for one of them. */
    void leaveAll() {
        List<Subscription> left = all();
        byChannel.clear();
        left.forEach(subscription -> subscription.leave(ErrorCode.INTERNAL));
    }

    void forget(Subscription subscription) {
        byChannel.remove(subscription.channel(), subscription);
    }
}
