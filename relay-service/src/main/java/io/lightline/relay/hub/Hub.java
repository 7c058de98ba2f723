package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The channels that this pod follows because somebody on it listens. First in subscribes at the backplane, last out
 * unsubscribes. All of its state belongs to the backplane's delivery thread, so there are no locks; joins and leaves hop there,
 * deliveries hop from there to the subscribers' event loops.
 */
@Singleton
public final class Hub {

    private final Backplane backplane;
    private final Renderer renderer;
    private final FanoutMetrics metrics;
    private final FanoutTraces traces;
    private final HubConfig config;
    private final BoundedReads reads;
    private final Map<ChannelName, ChannelFeed> feeds = new HashMap<>();
    private volatile int channels;

    public Hub(Backplane backplane, Renderer renderer, FanoutMetrics metrics, FanoutTraces traces, HubConfig config) {
        this.backplane = backplane;
        this.renderer = renderer;
        this.metrics = metrics;
        this.traces = traces;
        this.config = config;
        requirePositive("max-reads", config.maxReads());
        requirePositive("presence-rate", config.presenceRate());
        requirePositive("presence-burst", config.presenceBurst());
        this.reads = new BoundedReads(config.maxReads());
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new ConfigurationException("lightline.hub." + key + " is " + value + ", and 1 is the least");
        }
    }

    /** Begins to compare idle channels with their streams, again and again. To be called once. */
    public void start() {
        scheduleCheck();
    }

    /** Makes somebody a subscriber of a channel. The answer comes to the subscriber, on its loop. */
    public Membership join(ChannelName channel, Interest interest, Subscriber subscriber) {
        var membership = new Membership(this, subscriber, interest);
        backplane
                .deliveryThread()
                .execute(() -> feed(channel, interest.following()).join(new Join(membership, false)));
        return membership;
    }

    void leave(Membership membership) {
        backplane.deliveryThread().execute(() -> {
            ChannelFeed feed = membership.feed();
            if (feed != null) {
                feed.leave(membership);
            }
        });
    }

    /** Channels with a local subscriber; may be read from any thread. */
    public int channels() {
        return channels;
    }

    /** The channels of one tenant that somebody here is on, by name, with how many are. Delivery thread. */
    public Map<String, Integer> subscribers(String tenant) {
        var counts = new HashMap<String, Integer>();
        for (ChannelFeed feed : feeds.values()) {
            int present = feed.channel().tenant().equals(tenant) ? feed.subscribers() : 0;
            if (present > 0) {
                counts.put(feed.channel().name(), present);
            }
        }
        return counts;
    }

    private ChannelFeed feed(ChannelName channel, Following following) {
        ChannelFeed known = feeds.get(channel);
        if (known != null) {
            return known;
        }
        var opened =
                new ChannelFeed(channel, following, backplane, renderer, metrics, traces, config, reads, this::close);
        feeds.put(channel, opened);
        channels = feeds.size();
        opened.open();
        return opened;
    }

    private void close(ChannelFeed feed) {
        feeds.remove(feed.channel(), feed);
        channels = feeds.size();
        // In the order of the calls, so a later join's subscribe cannot be overtaken.
        backplane.unsubscribe(feed.channel()).subscribe().with(_ -> {}, _ -> {});
    }

    /** Delivery thread. */
    public void onPublication(ChannelName channel, String epoch, Publication publication) {
        ChannelFeed feed = feeds.get(channel);
        if (feed == null) {
            metrics.receivedLive(publication);
            metrics.dropped(FanoutMetrics.Drop.UNHEARD);
        } else {
            feed.onPublication(epoch, publication);
        }
    }

    /** Delivery thread. */
    public void onPresence(ChannelName channel, PresenceEvent event) {
        ChannelFeed feed = feeds.get(channel);
        if (feed != null) {
            feed.onPresence(event);
        }
    }

    /** Something may have been missed: compares every channel with its stream. Delivery thread. */
    public void restored() {
        List.copyOf(feeds.values()).forEach(ChannelFeed::catchUp);
    }

    /** With jitter, so that pods which started together do not ask together. */
    private void scheduleCheck() {
        Duration interval = config.positionCheckInterval();
        long millis = (long) (interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
        backplane.deliveryThread().schedule(Duration.ofMillis(millis), () -> {
            List.copyOf(feeds.values()).forEach(ChannelFeed::check);
            scheduleCheck();
        });
    }
}
