package io.lightline.relay.endpoint;

import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;

/**
 * Remembers the Netty side of each connection, because WebSockets Next has no way to share an encoded frame, to ask how many
 * bytes wait, or to pause reading. Reaches into Vert.x 4.5's {@link ConnectionBase}; {@code RelayServiceTest} pins it.
 */
@Singleton
final class UpgradeCheck implements HttpUpgradeCheck {

    static final TypedKey<ChannelHandlerContext> NETTY = new TypedKey<>("lightline.netty");

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        if (context.httpRequest().connection() instanceof ConnectionBase connection) {
            context.userData().put(NETTY, connection.channelHandlerContext());
            return CheckResult.permitUpgrade();
        }
        throw new IllegalStateException("Vert.x connections are no longer of type ConnectionBase but "
                + context.httpRequest().connection().getClass().getName());
    }
}
