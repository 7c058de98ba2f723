package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lightline.backplane.RawJson;
import io.lightline.relay.api.ReadingBodies.StreamPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of the methods about users: {@code user} is the {@code sub} of their tokens, empty for anonymous clients, and {@code client}
 * one of their connections, all when absent. Field names and meanings are those of Centrifugo's server API. Times are in seconds since
 * 1970.
 */
public final class UserBodies {

    private UserBodies() {}

    /**
     * @param info what others on the channel see of the client
     * @param data for the client
     * @param recoverSince where to recover from; to begin now when absent
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record SubscribeUser(
            @Nullable String user,
            @Nullable String channel,
            @Nullable String client,
            @Nullable RawJson info,
            @Nullable RawJson data,
            @Nullable StreamPosition recoverSince) {}

    public record UnsubscribeUser(
            @Nullable String user,
            @Nullable String channel,
            @Nullable String client) {}

    /**
     * @param whitelist clients that may stay
     * @param code of {@code docs/protocol.md}; 3503 when absent
     * @param reason that of the code, or nothing
     * @param disconnect the same two, in Centrifugo's place for them
     */
    public record DisconnectUser(
            @Nullable String user,
            @Nullable String client,
            @Nullable List<@Nullable String> whitelist,
            @Nullable Integer code,
            @Nullable String reason,
            @Nullable Goodbye disconnect) {

        Goodbye goodbye() {
            return disconnect == null ? new Goodbye(code, reason) : disconnect;
        }
    }

    public record Goodbye(@Nullable Integer code, @Nullable String reason) {}

    /**
     * @param expired closes the connections now (3005); their clients come back
     * @param expireAt when the connections end unless they are refreshed; 0 for never
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record RefreshUser(
            @Nullable String user,
            @Nullable String client,
            boolean expired,
            @Nullable Long expireAt) {}

    /**
     * @param issuedBefore tokens issued until then are void, and those that do not say when they were issued; now when absent
     * @param expireAt when the last of them has ended by itself, so that this may be forgotten; in a day when absent, in 30 at
     *     most
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record InvalidateUserTokens(
            @Nullable String user,
            @Nullable Long issuedBefore,
            @Nullable Long expireAt) {}

    /** It is on its way to all pods. */
    @JsonInclude
    public record Done() {}
}
