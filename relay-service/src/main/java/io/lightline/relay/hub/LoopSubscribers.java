package io.lightline.relay.hub;

import io.lightline.backplane.Position;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.Reply.Recovered;
import io.lightline.relay.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel's subscribers on one event loop. The delivery thread posts what is to happen, the loop does it in that order, so
 * that whoever joins gets exactly what was published after its position. The
 * list of members belongs to the loop, their count to the delivery thread.
 */
final class LoopSubscribers {

    private final FanoutLoop loop;
    private final FanoutMetrics metrics;
    private final List<Membership> members = new ArrayList<>();
    private boolean touched;
    private int count;

    LoopSubscribers(FanoutLoop loop, FanoutMetrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
    }

    /** Delivery thread: how many are in, as far as it knows. */
    int count() {
        return count;
    }

    /** Delivery thread. */
    void admit(Membership membership, @Nullable Position position, @Nullable Recovered recovery) {
        count++;
        loop.post(() -> {
            if (!membership.hasLeft()) {
                membership.place(this, members.size());
                members.add(membership);
                membership.subscriber().joined(position, recovery);
                loop.touched(this);
            }
        });
    }

    /** Delivery thread. */
    void dismiss() {
        count--;
    }

    /** Delivery thread. Answers false, and does nothing, when the loop is too far behind. */
    boolean deliver(ServerFrame frame) {
        if (loop.isOverloaded()) {
            return false;
        }
        frame.retain();
        loop.post(() -> {
            try {
                deliverToAll(frame);
            } finally {
                frame.release();
            }
        });
        return true;
    }

    /** Delivery thread: nobody here listens any longer. */
    void lose() {
        count = 0;
        loop.post(() -> {
            var lost = List.copyOf(members);
            members.clear();
            for (Membership membership : lost) {
                membership.place(null, Membership.NO_SLOT);
                membership.end();
                membership.subscriber().lost();
            }
        });
    }

    /** Loop. Backwards, because a delivery may make its subscriber leave, and the last one then takes its slot. */
    private void deliverToAll(ServerFrame frame) {
        int due = members.size();
        int delivered = 0;
        for (int i = due - 1; i >= 0; i--) {
            Delivery delivery = members.get(i).subscriber().deliver(frame);
            if (delivery == Delivery.DELIVERED) {
                delivered++;
            } else {
                metrics.dropped(delivery);
            }
        }
        metrics.due(due);
        metrics.delivered(delivered);
        loop.touched(this);
    }

    /** Loop: true for the first time in a batch. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** Loop. */
    void flush() {
        touched = false;
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).subscriber().flush();
        }
    }

    /** Loop: the last one takes the free slot. */
    void remove(Membership leaving) {
        int slot = leaving.slot();
        Membership last = members.removeLast();
        if (last != leaving) {
            members.set(slot, last);
            last.place(this, slot);
        }
        leaving.place(null, Membership.NO_SLOT);
    }
}
