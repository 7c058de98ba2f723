package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.required;

import io.lightline.backplane.Position;
import io.lightline.relay.api.ReadingBodies.StreamPosition;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Tenant;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The channels that requests name: those of the tenant whose key it is. */
@Singleton
final class ApiChannels {

    private final ChannelAuthorizer channels;

    ApiChannels(ChannelAuthorizer channels) {
        this.channels = channels;
    }

    Verdict.Granted granted(Tenant tenant, @Nullable String channel) {
        String name = required(channel, "channel");
        return switch (channels.decideForServer(tenant, name)) {
            case Verdict.Granted granted -> granted;
            case Verdict.Unknown _, Verdict.Denied _, Verdict.NotAvailable _ ->
                throw new ApiException(ErrorCode.UNKNOWN_CHANNEL, name);
        };
    }

    Verdict.Granted withHistory(Tenant tenant, @Nullable String channel) {
        Verdict.Granted granted = granted(tenant, channel);
        if (!granted.rules().retention().keeps()) {
            throw new ApiException(ErrorCode.NOT_AVAILABLE, granted.channel().name() + " keeps no history");
        }
        return granted;
    }

    Verdict.Granted withPresence(Tenant tenant, @Nullable String channel) {
        Verdict.Granted granted = granted(tenant, channel);
        if (!granted.rules().presence()) {
            throw new ApiException(ErrorCode.NOT_AVAILABLE, granted.channel().name() + " has no presence");
        }
        return granted;
    }

    /** @param field that holds it */
    static @Nullable Position position(@Nullable StreamPosition position, String field) {
        if (position == null) {
            return null;
        }
        if (position.offset() < 0) {
            throw new ApiException(ErrorCode.BAD_REQUEST, field + ".offset is negative: " + position.offset());
        }
        return new Position(
                position.offset(), Optional.ofNullable(position.epoch()).orElse(""));
    }
}
