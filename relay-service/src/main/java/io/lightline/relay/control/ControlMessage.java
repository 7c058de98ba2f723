package io.lightline.relay.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.protocol.CloseCode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one pod says to all, or to one. Heard at most once, on the delivery thread: {@link ControlDesk#receive}. The names are those on
 * the wire, where pods of two versions meet: a pod ignores what it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "subscribe", value = ControlMessage.Subscribe.class),
    @JsonSubTypes.Type(name = "unsubscribe", value = ControlMessage.Unsubscribe.class),
    @JsonSubTypes.Type(name = "disconnect", value = ControlMessage.Disconnect.class),
    @JsonSubTypes.Type(name = "refresh", value = ControlMessage.Refresh.class),
    @JsonSubTypes.Type(name = "revoke", value = ControlMessage.RevokeTokens.class),
    @JsonSubTypes.Type(name = "ask-channels", value = ControlMessage.AskChannels.class),
    @JsonSubTypes.Type(name = "ask-usage", value = ControlMessage.AskUsage.class),
    @JsonSubTypes.Type(name = "channels", value = ControlMessage.Channels.class),
    @JsonSubTypes.Type(name = "usage", value = ControlMessage.Usage.class)
})
public sealed interface ControlMessage {

    /** What a tenant's back end wants done, wherever the client is. */
    sealed interface Order extends ControlMessage {}

    /**
     * Onto a channel. Those who are there already stay as they are.
     *
     * @param info what others on the channel see; null for nothing
     * @param data for the client; null for nothing
     * @param since where to recover from; null to begin now
     */
    record Subscribe(
            Whom whom,
            String channel,
            @Nullable RawJson info,
            @Nullable RawJson data,
            @Nullable Position since) implements Order {}

    /** From a channel. */
    record Unsubscribe(Whom whom, String channel) implements Order {}

    /** Away. @param except clients that may stay */
    record Disconnect(Whom whom, Set<String> except, CloseCode code) implements Order {}

    /** @param expiresAt when the connections end unless they are refreshed; null for never */
    record Refresh(Whom whom, @Nullable Instant expiresAt) implements Order {}

    /** A user's older tokens are void, and so are the connections made with them. */
    record RevokeTokens(Revocation revocation) implements Order {}

    /** What a {@link Survey} asks of every pod, about one tenant. */
    sealed interface Question extends ControlMessage {
        Asker asker();

        String tenant();
    }

    /**
     * Where to send the answer. There is no deadline in it: pods' clocks differ, and who has waited long enough ignores what comes.
     *
     * @param pod id of the pod that asks
     * @param question unique on that pod
     */
    record Asker(String pod, long question) {}

    /** Which channels have subscribers? @param pattern a {@link Glob} of their names */
    record AskChannels(Asker asker, String tenant, String pattern) implements Question {}

    /** How much of the pod does the tenant use? */
    record AskUsage(Asker asker, String tenant) implements Question {}

    /** What one pod answers. */
    sealed interface Answer extends ControlMessage {
        long question();

        /** Id of the pod that answers. */
        String pod();
    }

    /** @param clients by channel; {@link Survey#MAX_CHANNELS} and one more at most */
    record Channels(long question, String pod, Map<String, Integer> clients) implements Answer {}

    /**
     * @param clients connected
     * @param users distinct among them; all anonymous ones count as one
     * @param channels with subscribers
     * @param subscriptions of all clients
     */
    record Usage(long question, String pod, int clients, int users, int channels, int subscriptions)
            implements Answer {}
}
