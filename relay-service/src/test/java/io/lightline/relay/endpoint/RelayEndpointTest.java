package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quarkus.websockets.next.UserData;
import io.quarkus.websockets.next.WebSocketConnection;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class RelayEndpointTest {

    /** Nobody without a session reaches what it knows. */
    private final RelayEndpoint endpoint = new RelayEndpoint(null, null);

    @Test
    void aClientThatIsGoneBeforeItsSocketOpensGetsNoSessionAndIsNoError() {
        // given
        var channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        ChannelHandlerContext netty = channel.pipeline().firstContext();
        channel.close().syncUninterruptibly();
        var connection = connection(netty);

        // then
        assertThatCode(() -> {
                    endpoint.open(connection);
                    endpoint.text("{}", connection);
                    endpoint.binary(Buffer.buffer(), connection);
                    endpoint.error(new IOException("Connection reset by peer"), connection);
                    endpoint.error(new IllegalStateException("Something else"), connection);
                    endpoint.close(connection);
                })
                .doesNotThrowAnyException();
    }

    private static WebSocketConnection connection(ChannelHandlerContext netty) {
        var data = stub(
                UserData.class,
                (_, method, arguments) ->
                        method.getName().equals("get") && arguments[0] == UpgradeCheck.NETTY ? netty : null);
        return stub(
                WebSocketConnection.class,
                (_, method, _) -> method.getName().equals("userData") ? data : "a connection");
    }

    private static <T> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
