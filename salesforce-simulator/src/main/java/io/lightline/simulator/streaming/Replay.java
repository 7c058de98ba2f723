package io.lightline.simulator.streaming;

import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.ReplayId;
import java.util.Map;
import org.cometd.bayeux.Message;

/** Where a subscription begins: what its {@code ext.replay} says of the channel. */
sealed interface Replay {

    /** {@code -1}, and what is meant by saying nothing. */
    record OnlyNew() implements Replay {}

    /** {@code -2}. */
    record AllRetained() implements Replay {}

    /** With the event after this one. */
    record After(ReplayId replayId) implements Replay {}

    /** Reads the {@code ext} of a subscribe message. */
    static Replay of(Message subscribe, String channel) {
        var ext = subscribe.getExt();
        return ext != null && ext.get("replay") instanceof Map<?, ?> replay && replay.get(channel) instanceof Number id
                ? of(id.longValue())
                : new OnlyNew();
    }

    private static Replay of(long id) {
        if (id == -1) {
            return new OnlyNew();
        }
        return id == -2 ? new AllRetained() : new After(new ReplayId(id));
    }

    /** Whether the bus can begin there. */
    default boolean possibleOn(EventBus bus) {
        return switch (this) {
            case OnlyNew _, AllRetained _ -> true;
            case After(var id) -> bus.knows(id);
        };
    }
}
