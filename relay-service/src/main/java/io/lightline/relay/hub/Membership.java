package io.lightline.relay.hub;

import org.jspecify.annotations.Nullable;

/**
 * A subscriber's place in a channel, from the moment it asks to join. Two threads know it, each its own half: the delivery
 * thread whether it counts, its loop whether it gets deliveries. To leave is up to the subscriber.
 */
public final class Membership {

    /** What the delivery thread knows. */
    enum Standing {
        JOINING,
        IN,
        OUT
    }

    static final int NO_SLOT = -1;

    private final Hub hub;
    private final Subscriber subscriber;
    private final Interest interest;

    private Standing standing = Standing.JOINING;
    private @Nullable ChannelFeed feed;
    private @Nullable LoopSubscribers admittedTo;

    private boolean left;
    private int slot = NO_SLOT;
    private @Nullable LoopSubscribers group;

    Membership(Hub hub, Subscriber subscriber, Interest interest) {
        this.hub = hub;
        this.subscriber = subscriber;
        this.interest = interest;
    }

    /** On the subscriber's loop. No delivery comes after it returns. Harmless when it has left or was lost already. */
    public void leave() {
        if (!left) {
            left = true;
            if (group != null) {
                group.remove(this);
            }
            hub.leave(this);
        }
    }

    Subscriber subscriber() {
        return subscriber;
    }

    Interest interest() {
        return interest;
    }

    /** Delivery thread. */
    Standing standing() {
        return standing;
    }

    /** Delivery thread. */
    void standing(Standing now) {
        this.standing = now;
    }

    /** Delivery thread. */
    void admitted(LoopSubscribers to) {
        this.standing = Standing.IN;
        this.admittedTo = to;
    }

    /** Delivery thread; null before it is in. */
    @Nullable
    LoopSubscribers admittedTo() {
        return admittedTo;
    }

    /** Delivery thread; null before the hub has seen it. */
    @Nullable
    ChannelFeed feed() {
        return feed;
    }

    /** Delivery thread. */
    void feed(ChannelFeed joined) {
        this.feed = joined;
    }

    /** Loop. */
    boolean hasLeft() {
        return left;
    }

    /** Loop: it can do nothing more with this membership. */
    void end() {
        left = true;
    }

    /** Loop: its place in its group's array; {@link #NO_SLOT} outside. */
    int slot() {
        return slot;
    }

    /** Loop. */
    void place(@Nullable LoopSubscribers newGroup, int newSlot) {
        this.group = newGroup;
        this.slot = newSlot;
    }
}
