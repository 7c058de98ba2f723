package io.lightline.relay.hub;

import io.lightline.backplane.Position;
import io.lightline.relay.hub.FanoutMetrics.Presence;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel's subscribers on one event loop who have the same encoding. The delivery thread posts what is to happen, the loop does it in that order, so
 * that whoever joins gets exactly what was published after its position. The
 * list of members belongs to the loop, their count to the delivery thread.
 */
final class LoopSubscribers {

    private final FanoutLoop loop;
    private final Encoding encoding;
    private final FanoutMetrics metrics;
    private final List<Membership> members = new ArrayList<>();
    private final List<Membership> joined = new ArrayList<>();
    private Written written = Written.NOBODY;
    private int count;
    private int presenceListeners;

    LoopSubscribers(FanoutLoop loop, Encoding encoding, FanoutMetrics metrics) {
        this.loop = loop;
        this.encoding = encoding;
        this.metrics = metrics;
    }

    /** To whom something was written in this batch; each includes those before it. */
    private enum Written {
        NOBODY,
        JOINED,
        LISTENERS,
        EVERYBODY
    }

    /** Delivery thread: how many are in, as far as it knows. */
    int count() {
        return count;
    }

    /** Delivery thread: how many of them want to hear who comes and goes. */
    int presenceListeners() {
        return presenceListeners;
    }

    /** Delivery thread. */
    void admit(Membership membership, @Nullable Position position, @Nullable Recovered recovery) {
        count++;
        presenceListeners += membership.interest().joinLeave() ? 1 : 0;
        loop.post(() -> {
            if (!membership.hasLeft()) {
                membership.place(this, members.size());
                members.add(membership);
                joined.add(membership);
                wrote(Written.JOINED);
                membership.subscriber().joined(position, recovery);
            }
        });
    }

    /** Delivery thread. */
    void dismiss(Membership leaving) {
        count--;
        presenceListeners -= leaving.interest().joinLeave() ? 1 : 0;
    }

    /** Delivery thread. Answers false, and does nothing, when the loop is too far behind. */
    boolean deliver(Rendering rendering) {
        if (loop.isOverloaded()) {
            return false;
        }
        ServerFrame frame = rendering.in(encoding);
        FanoutTrace trace = rendering.trace();
        BiFunction<Subscriber, ServerFrame, Delivery> way =
                rendering.notice() ? Subscriber::deliverNotice : Subscriber::deliver;
        if (trace == null) {
            post(frame, rendered -> deliverToAll(rendered, way));
        } else {
            trace.retain();
            post(frame, rendered -> deliverTraced(rendered, way, trace));
        }
        return true;
    }

    /** Delivery thread: to those who want to hear who comes and goes. */
    void deliverPresence(Rendering rendering) {
        if (presenceListeners == 0) {
            return;
        }
        if (loop.isOverloaded()) {
            metrics.presence(Presence.DROPPED, presenceListeners);
        } else {
            metrics.presence(Presence.PUSHED, presenceListeners);
            post(rendering.in(encoding), this::deliverToListeners);
        }
    }

    private void post(ServerFrame frame, Consumer<ServerFrame> delivery) {
        frame.retain();
        loop.post(() -> {
            try {
                delivery.accept(frame);
            } finally {
                frame.release();
            }
        });
    }

    /** Delivery thread: nobody here listens any longer. */
    void lose() {
        count = 0;
        presenceListeners = 0;
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

    /** Loop. */
    private void deliverTraced(
            ServerFrame frame, BiFunction<Subscriber, ServerFrame, Delivery> way, FanoutTrace trace) {
        loop.afterBatch(trace::release);
        int due = members.size();
        trace.reached(due, deliverToAll(frame, way));
    }

    /**
     * Loop. Backwards, because a delivery may make its subscriber leave, and the last one then takes its slot. Answers how many
     * have it.
     */
    private int deliverToAll(ServerFrame frame, BiFunction<Subscriber, ServerFrame, Delivery> way) {
        wrote(Written.EVERYBODY);
        int due = members.size();
        int delivered = 0;
        for (int i = due - 1; i >= 0; i--) {
            Delivery delivery = way.apply(members.get(i).subscriber(), frame);
            if (delivery == Delivery.DELIVERED) {
                delivered++;
            } else {
                metrics.dropped(delivery);
            }
        }
        metrics.due(due);
        metrics.delivered(delivered, frame.bytes());
        return delivered;
    }

    /** Loop. Backwards, as above. */
    private void deliverToListeners(ServerFrame frame) {
        wrote(Written.LISTENERS);
        for (int i = members.size() - 1; i >= 0; i--) {
            Membership member = members.get(i);
            if (member.interest().joinLeave()) {
                member.subscriber().deliverPresence(frame);
            }
        }
    }

    /** Loop. */
    private void wrote(Written to) {
        if (written == Written.NOBODY) {
            loop.touched(this);
        }
        if (to.compareTo(written) > 0) {
            written = to;
        }
    }

    /** Loop: only those to whom something was written, because there may be many others. */
    void flush() {
        Written last = written;
        written = Written.NOBODY;
        switch (last) {
            case NOBODY -> {}
            case JOINED -> joined.forEach(LoopSubscribers::flush);
            case LISTENERS -> {
                joined.forEach(LoopSubscribers::flush);
                flushMembers(true);
            }
            case EVERYBODY -> flushMembers(false);
        }
        joined.clear();
    }

    private void flushMembers(boolean listenersOnly) {
        for (int i = members.size() - 1; i >= 0; i--) {
            Membership member = members.get(i);
            if (!listenersOnly || member.interest().joinLeave()) {
                flush(member);
            }
        }
    }

    private static void flush(Membership member) {
        member.subscriber().flush();
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
