package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.limited;
import static io.lightline.relay.api.Fields.required;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Revocation;
import io.lightline.relay.api.UserBodies.DisconnectUser;
import io.lightline.relay.api.UserBodies.Done;
import io.lightline.relay.api.UserBodies.Goodbye;
import io.lightline.relay.api.UserBodies.InvalidateUserTokens;
import io.lightline.relay.api.UserBodies.RefreshUser;
import io.lightline.relay.api.UserBodies.SubscribeUser;
import io.lightline.relay.api.UserBodies.UnsubscribeUser;
import io.lightline.relay.control.ControlDesk;
import io.lightline.relay.control.ControlMessage.Disconnect;
import io.lightline.relay.control.ControlMessage.Order;
import io.lightline.relay.control.ControlMessage.Refresh;
import io.lightline.relay.control.ControlMessage.RevokeTokens;
import io.lightline.relay.control.ControlMessage.Subscribe;
import io.lightline.relay.control.ControlMessage.Unsubscribe;
import io.lightline.relay.control.Whom;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Tenant;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The methods about users and their connections, on whatever pod they are. An answer says that all pods were told, not that somebody was
 * there. Nothing blocks; a refusal is an {@link ApiException}.
 */
@Singleton
final class Users {

    /** Clients of one whitelist. */
    private static final int MAX_WHITELIST = 1_000;

    /** Of what goes to every pod, and on to every client. */
    private static final int MAX_JSON_BYTES = 64 * 1024;

    /** How long a revocation holds when nobody says how long tokens live. */
    private static final Duration REVOKED_FOR = Duration.ofDays(1);

    private final Backplane backplane;
    private final ControlDesk desk;
    private final ApiChannels channels;
    private final InstantSource clock;

    Users(Backplane backplane, ControlDesk desk, ApiChannels channels, InstantSource clock) {
        this.backplane = backplane;
        this.desk = desk;
        this.channels = channels;
        this.clock = clock;
    }

    Uni<Done> subscribe(Tenant tenant, SubscribeUser request) {
        Verdict.Granted granted = request.recoverSince() == null
                ? channels.granted(tenant, request.channel())
                : channels.withHistory(tenant, request.channel());
        return tell(new Subscribe(
                whom(tenant, request.user(), request.client()),
                granted.channel().name(),
                bounded(request.info(), "info"),
                bounded(request.data(), "data"),
                ApiChannels.position(request.recoverSince(), "recover_since")));
    }

    private static @Nullable RawJson bounded(@Nullable RawJson json, String field) {
        if (json != null) {
            limited(json.length(), MAX_JSON_BYTES, "bytes of " + field);
        }
        return json;
    }

    Uni<Done> unsubscribe(Tenant tenant, UnsubscribeUser request) {
        Verdict.Granted granted = channels.granted(tenant, request.channel());
        return tell(new Unsubscribe(
                whom(tenant, request.user(), request.client()),
                granted.channel().name()));
    }

    Uni<Done> disconnect(Tenant tenant, DisconnectUser request) {
        return tell(new Disconnect(
                whom(tenant, request.user(), request.client()),
                whitelist(request.whitelist()),
                closeCode(request.goodbye())));
    }

    private static Set<String> whitelist(@Nullable List<@Nullable String> clients) {
        var staying = new LinkedHashSet<String>();
        if (clients != null) {
            limited(clients.size(), MAX_WHITELIST, "clients in the whitelist");
            clients.forEach(client -> staying.add(required(client, "a client in the whitelist")));
        }
        return staying;
    }

    /** One of those that clients know: what they do next depends on it. */
    private static CloseCode closeCode(Goodbye goodbye) {
        int code = Optional.ofNullable(goodbye.code()).orElse(CloseCode.FORCE_DISCONNECT.code());
        CloseCode known = Stream.of(CloseCode.values())
                .filter(one -> one.code() == code)
                .findFirst()
                .orElseThrow(() -> new ApiException(ErrorCode.BAD_REQUEST, "code " + code + " is no close code"));
        String reason = Optional.ofNullable(goodbye.reason()).orElse("");
        if (!reason.isEmpty() && !reason.equals(known.reason())) {
            throw new ApiException(
                    ErrorCode.BAD_REQUEST,
                    "reason '" + reason + "' is not that of " + code + ", which is '" + known.reason() + "'");
        }
        return known;
    }

    Uni<Done> refresh(Tenant tenant, RefreshUser request) {
        Whom whom = whom(tenant, request.user(), request.client());
        if (request.expired()) {
            return tell(new Disconnect(whom, Set.of(), CloseCode.EXPIRED));
        }
        long end = required(request.expireAt(), "expired or expire_at");
        return tell(new Refresh(whom, end == 0 ? null : ahead(end, "expire_at")));
    }

    Uni<Done> invalidateTokens(Tenant tenant, InvalidateUserTokens request) {
        Revocation revocation = revocation(tenant, request);
        // Remembered before it is told: a pod that does not hear of it reads it later.
        return backplane.revoke(revocation).chain(() -> tell(new RevokeTokens(revocation)));
    }

    private Revocation revocation(Tenant tenant, InvalidateUserTokens request) {
        String user = required(request.user(), "user");
        if (user.isEmpty()) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "user is empty, and anonymous clients need no token");
        }
        Instant now = clock.instant();
        Instant issuedBefore = request.issuedBefore() == null ? now : time(request.issuedBefore(), "issued_before");
        if (issuedBefore.isAfter(now)) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "issued_before lies ahead: " + request.issuedBefore());
        }
        Instant until = request.expireAt() == null ? now.plus(REVOKED_FOR) : ahead(request.expireAt(), "expire_at");
        return new Revocation(tenant.id(), user, issuedBefore, until);
    }

    private Instant ahead(long seconds, String field) {
        Instant time = time(seconds, field);
        if (!time.isAfter(clock.instant())) {
            throw new ApiException(ErrorCode.BAD_REQUEST, field + " has passed: " + seconds);
        }
        return time;
    }

    private static Instant time(long seconds, String field) {
        try {
            Instant time = Instant.ofEpochSecond(seconds);
            // What milliseconds cannot count, no token says either.
            var _ = time.toEpochMilli();
            return time;
        } catch (DateTimeException | ArithmeticException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, field + " is no time: " + seconds);
        }
    }

    private static Whom whom(Tenant tenant, @Nullable String user, @Nullable String client) {
        return new Whom(tenant.id(), required(user, "user"), client);
    }

    private Uni<Done> tell(Order order) {
        return desk.give(order).replaceWith(Done::new);
    }
}
