package io.lightline.relay.endpoint;

import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;

/**
 * Reaches the Netty side of each connection: to make it a {@link StrictWebSocket}, and because WebSockets Next has no way to
 * share an encoded frame, to ask how many bytes wait, or to pause reading. Reaches into Vert.x 4.5's {@link ConnectionBase};
 * {@code RelayServiceTest} pins it.
 */
@Singleton
final class UpgradeCheck implements HttpUpgradeCheck {

    static final TypedKey<ChannelHandlerContext> NETTY = new TypedKey<>("lightline.netty");

    private final StrictWebSocket strict;

    UpgradeCheck(StrictWebSocket strict) {
        this.strict = strict;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        if (request.connection() instanceof ConnectionBase connection) {
            ChannelHandlerContext netty = connection.channelHandlerContext();
            strict.await(netty);
            context.userData().put(NETTY, netty);
            return CheckResult.permitUpgrade();
        }
        throw new IllegalStateException("Vert.x connections are no longer of type ConnectionBase but "
                + request.connection().getClass().getName());
    }
}
