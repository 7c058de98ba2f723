package io.lightline.relay.hub;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneListener;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Position;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The channels that this pod follows because somebody on it listens. First in subscribes at the backplane, last out
 * unsubscribes. All of its state belongs to the backplane's delivery thread, so there are no locks; joins and leaves hop there,
 * deliveries hop from there to the subscribers' event loops.
 */
@Singleton
public final class Hub implements BackplaneListener {

    private final Backplane backplane;
    private final PublicationRenderer renderer;
    private final FanoutMetrics metrics;
    private final HubConfig config;
    private final BoundedReads reads;
    private final Map<ChannelName, ChannelFeed> feeds = new HashMap<>();
    private volatile int channels;

    public Hub(Backplane backplane, PublicationRenderer renderer, FanoutMetrics metrics, HubConfig config) {
        this.backplane = backplane;
        this.renderer = renderer;
        this.metrics = metrics;
        this.config = config;
        this.reads = new BoundedReads(config.maxReads());
    }

    /** Starts to listen to the backplane. To be called once, before anybody joins. */
    public void start() {
        backplane.listen(this);
        scheduleCheck();
    }

    /**
     * Makes somebody a subscriber of a channel. The answer comes to the subscriber, on its loop.
     *
     * @param positioned whether the channel keeps history
     * @param since where the subscriber was, when it wants to recover
     */
    public Membership join(ChannelName channel, boolean positioned, Subscriber subscriber, @Nullable Position since) {
        var membership = new Membership(this, subscriber);
        backplane.deliveryThread().execute(() -> feed(channel, positioned).join(new Join(membership, since, false)));
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

    private ChannelFeed feed(ChannelName channel, boolean positioned) {
        ChannelFeed known = feeds.get(channel);
        if (known != null) {
            return known;
        }
        var opened = new ChannelFeed(channel, positioned, backplane, renderer, metrics, config, reads, this::close);
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

    @Override
    public void onPublication(ChannelName channel, String epoch, Publication publication) {
        ChannelFeed feed = feeds.get(channel);
        if (feed == null) {
            metrics.received();
            metrics.dropped(FanoutMetrics.Drop.UNHEARD);
        } else {
            feed.onPublication(epoch, publication);
        }
    }

    @Override
    public void onPresence(ChannelName channel, PresenceEvent event) {
        // Subscribers are not told of joins and leaves yet.
    }

    @Override
    public void onControl(RawJson message) {
        // No pod has anything to say to another yet.
    }

    @Override
    public void onInterrupted() {
        // Feeds keep their positions; what they miss is read when the backplane is back.
    }

    @Override
    public void onRestored() {
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
