package io.lightline.relay.protocol;

import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client may say to us. {@code Session#handle} is exhaustive over it. */
public sealed interface Command {

    /** As the client protocol calls it. */
    String method();

    /**
     * The first command of a connection.
     *
     * @param token a JWT; empty for an anonymous client
     * @param since where the client was on its server-side subscriptions, by channel, as far as it wants to recover
     */
    record Connect(String token, Map<String, Position> since) implements Command {
        @Override
        public String method() {
            return "connect";
        }
    }

    /**
     * @param token that allows this subscription; empty when the client relies on its other rights
     * @param since where the client was, when it wants to recover; null when it starts anew
     * @param filter which publications it wants; null for all
     * @param joinLeave whether it wants to hear who comes and goes
     */
    record Subscribe(
            String channel,
            String token,
            @Nullable Position since,
            @Nullable Filter filter,
            boolean joinLeave) implements Command {
        @Override
        public String method() {
            return "subscribe";
        }
    }

    record Unsubscribe(String channel) implements Command {
        @Override
        public String method() {
            return "unsubscribe";
        }
    }

    record Publish(String channel, RawJson data) implements Command {
        @Override
        public String method() {
            return "publish";
        }
    }

    /**
     * @param limit 0 for the position only; negative for as many as the server gives
     * @param since only what comes after (reverse: before) it
     */
    record History(String channel, int limit, @Nullable Position since, boolean reverse) implements Command {
        @Override
        public String method() {
            return "history";
        }
    }

    record Presence(String channel) implements Command {
        @Override
        public String method() {
            return "presence";
        }
    }

    record PresenceStats(String channel) implements Command {
        @Override
        public String method() {
            return "presence_stats";
        }
    }

    record Refresh(String token) implements Command {
        @Override
        public String method() {
            return "refresh";
        }
    }

    /** A new token for one subscription. */
    record SubRefresh(String channel, String token) implements Command {
        @Override
        public String method() {
            return "sub_refresh";
        }
    }

    /** A ping that wants an answer. */
    record Ping() implements Command {
        @Override
        public String method() {
            return "ping";
        }
    }

    /** The empty answer to the server's ping; it has no id and gets no reply. */
    record Pong() implements Command {
        @Override
        public String method() {
            return "pong";
        }
    }

    /** A method of the protocol that is not offered here. */
    record Unsupported(String method) implements Command {}

    /** No method of the protocol, as far as we know. */
    record Unknown(String name) implements Command {
        @Override
        public String method() {
            return "unknown";
        }
    }

    /** A method that we know with a body that we cannot read. */
    record Malformed(String problem) implements Command {
        @Override
        public String method() {
            return "malformed";
        }
    }
}
