package io.lightline.relay.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.client.wire.Wire;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.InvalidFilterException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our commands from protobuf's. Stateless; callable from any thread; never blocks. */
final class WireReader {

    private final PayloadReader payloads = new PayloadReader();

    Request request(Wire.Command wire) {
        return new Request(Integer.toUnsignedLong(wire.getId()), command(wire));
    }

    /** The first request that is there counts. */
    private Command command(Wire.Command wire) {
        try {
            if (wire.hasConnect()) {
                return connect(wire.getConnect());
            } else if (wire.hasSubscribe()) {
                return subscribe(wire.getSubscribe());
            } else if (wire.hasUnsubscribe()) {
                return new Command.Unsubscribe(wire.getUnsubscribe().getChannel());
            } else if (wire.hasPublish()) {
                return publish(wire.getPublish());
            } else if (wire.hasPresence()) {
                return new Command.Presence(wire.getPresence().getChannel());
            } else if (wire.hasPresenceStats()) {
                return new Command.PresenceStats(wire.getPresenceStats().getChannel());
            } else if (wire.hasHistory()) {
                return history(wire.getHistory());
            } else if (wire.hasPing()) {
                return new Command.Ping();
            } else if (wire.hasSend()) {
                return new Command.Unsupported("send");
            } else if (wire.hasRpc()) {
                return new Command.Unsupported("rpc");
            } else if (wire.hasRefresh()) {
                return new Command.Refresh(wire.getRefresh().getToken());
            } else if (wire.hasSubRefresh()) {
                Wire.SubRefreshRequest refresh = wire.getSubRefresh();
                return new Command.SubRefresh(refresh.getChannel(), refresh.getToken());
            }
            return wire.getId() == 0 ? new Command.Pong() : new Command.Malformed("no method");
        } catch (WrongValueException e) {
            return new Command.Malformed(e.problem());
        }
    }

    private static Command connect(Wire.ConnectRequest wire) throws WrongValueException {
        var since = new HashMap<String, Position>();
        for (Map.Entry<String, Wire.SubscribeRequest> named : wire.getSubsMap().entrySet()) {
            Position position = since(named.getValue());
            if (position != null) {
                since.put(named.getKey(), position);
            }
        }
        return new Command.Connect(wire.getToken(), Map.copyOf(since));
    }

    private static Command subscribe(Wire.SubscribeRequest wire) throws WrongValueException {
        return new Command.Subscribe(
                wire.getChannel(),
                wire.getToken(),
                since(wire),
                wire.hasTf() ? filter(wire.getTf()) : null,
                wire.getJoinLeave());
    }

    private static @Nullable Position since(Wire.SubscribeRequest wire) throws WrongValueException {
        return wire.getRecover() ? position(wire.getOffset(), wire.getEpoch()) : null;
    }

    private static Position position(long offset, String epoch) throws WrongValueException {
        if (offset < 0) {
            throw new WrongValueException("offset is larger than any offset");
        }
        return new Position(offset, epoch);
    }

    private Command publish(Wire.PublishRequest wire) throws WrongValueException {
        return new Command.Publish(wire.getChannel(), payload(wire.getData()));
    }

    private RawJson payload(ByteString data) throws WrongValueException {
        if (data.isEmpty()) {
            throw new WrongValueException("publish: no data");
        }
        return payloads.read(data.toByteArray())
                .orElseThrow(() -> new WrongValueException("publish: data is not a JSON value"));
    }

    private static Command history(Wire.HistoryRequest wire) throws WrongValueException {
        Position since = wire.hasSince()
                ? position(wire.getSince().getOffset(), wire.getSince().getEpoch())
                : null;
        return new Command.History(wire.getChannel(), wire.getLimit(), since, wire.getReverse());
    }

    /** By way of JSON, so that there is one place that knows what a filter may be. */
    private static Filter filter(Wire.FilterNode wire) throws WrongValueException {
        try {
            return Filter.parse(RawJson.of(json(wire).toString()));
        } catch (InvalidFilterException e) {
            throw new WrongValueException("subscribe: tf is no filter: " + e.getMessage());
        }
    }

    /** No deeper than the frame was, which the parser limits. */
    private static ObjectNode json(Wire.FilterNode wire) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("op", wire.getOp())
                .put("key", wire.getKey())
                .put("cmp", wire.getCmp())
                .put("val", wire.getVal());
        ArrayNode values = node.putArray("vals");
        wire.getValsList().forEach(values::add);
        ArrayNode nodes = node.putArray("nodes");
        wire.getNodesList().forEach(child -> nodes.add(json(child)));
        return node;
    }

    /** A request that is well-formed and makes no sense. */
    private static final class WrongValueException extends Exception {
        private final String problem;

        WrongValueException(String problem) {
            super(problem);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }
}
