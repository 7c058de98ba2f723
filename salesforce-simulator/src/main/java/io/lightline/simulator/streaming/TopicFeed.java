package io.lightline.simulator.streaming;

import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.EventJson;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.cometd.bayeux.Promise;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;

/**
 * Brings the events of a topic to all clients that have subscribed to it: each event once and in order, made into JSON once
 * for all of them. Those who publish do not wait for it; it reads the bus on an executor of its own.
 *
 * <p>A monitor. All its subscribers have the same position, which one who asks for older events is brought to first.
 */
final class TopicFeed {

    private static final int MANY = 200;

    private final Org org;
    private final Topic topic;
    private final Supplier<ServerMessage.Mutable> messages;
    private final Executor executor;
    private final Set<ServerSession> clients = new LinkedHashSet<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Runnable wakeUp = this::wakeUp;
    private ReplayId position;

    TopicFeed(Org org, Topic topic, Supplier<ServerMessage.Mutable> messages, Executor executor) {
        this.org = org;
        this.topic = topic;
        this.messages = messages;
        this.executor = executor;
        this.position = org.bus().latest();
    }

    synchronized void join(ServerSession client, Replay since) {
        if (clients.isEmpty()) {
            org.bus().addListener(topic.sources(), wakeUp);
            position = org.bus().latest();
        } else {
            drain();
        }
        switch (since) {
            case Replay.OnlyNew _ -> {}
            case Replay.AllRetained _ -> replay(client, org.bus().earliest());
            case Replay.After(var replayId) -> replay(client, replayId);
        }
        clients.add(client);
    }

    synchronized void leave(ServerSession client) {
        if (clients.remove(client) && clients.isEmpty()) {
            org.bus().removeListener(topic.sources(), wakeUp);
        }
    }

    private void wakeUp() {
        if (awake.compareAndSet(false, true)) {
            executor.execute(() -> {
                awake.set(false);
                drain();
            });
        }
    }

    private synchronized void drain() {
        var slice = org.bus().read(position, topic.sources(), MANY);
        while (slice.isPresent()) {
            slice.get().events().forEach(event -> deliver(event, clients));
            position = slice.get().reached();
            if (slice.get().events().isEmpty()) {
                return;
            }
            slice = org.bus().read(position, topic.sources(), MANY);
        }
        // Reset, or so far behind that events are gone.
        position = org.bus().latest();
    }

    private void replay(ServerSession client, ReplayId since) {
        var to = Set.of(client);
        org
                .bus()
                .read(since, topic.sources(), Integer.MAX_VALUE)
                .map(found -> found.events())
                .orElse(List.of())
                .stream()
                .filter(event -> event.replayId().position() <= position.position())
                .forEach(event -> deliver(event, to));
    }

    private void deliver(BusEvent event, Set<ServerSession> to) {
        message(event).ifPresent(message -> {
            // The first delivery freezes the message, so that the others share its JSON.
            to.forEach(client -> client.deliver(null, message, Promise.noop()));
            org.deliveries().use(to.size());
        });
    }

    /** Nothing for an event that no schema describes. */
    private Optional<ServerMessage.Mutable> message(BusEvent event) {
        return org.schema(event.schemaId())
                .flatMap(schema -> EventJson.payload(event, schema).map(payload -> message(event, schema, payload)));
    }

    private ServerMessage.Mutable message(BusEvent event, EventSchema schema, Map<String, ?> payload) {
        var message = messages.get();
        message.setChannel(topic.name());
        message.setData(Map.of(
                "schema",
                schema.id(),
                "payload",
                payload,
                "event",
                Map.of(
                        "replayId",
                        event.replayId().position(),
                        "EventUuid",
                        event.id(),
                        "EventApiName",
                        schema.name())));
        return message;
    }
}
