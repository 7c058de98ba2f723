package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyOutboxTest {

    private static final long MAX_PENDING = 1000;

    private final EmbeddedChannel channel = new EmbeddedChannel(
            new StrictFrameDecoder(1000, () -> false),
            new WebSocket13FrameEncoder(false),
            guard(),
            new ChannelInboundHandlerAdapter());
    private final List<CloseReason> closes = new ArrayList<>();
    private final NettyOutbox outbox =
            new NettyOutbox(connection(), channel.pipeline().lastContext(), MAX_PENDING);
    private final ServerFrame frame = ServerFrame.text("{\"n\":1}".getBytes(StandardCharsets.UTF_8));

    @AfterEach
    void releaseEverything() {
        outbox.flush();
        channel.finishAndReleaseAll();
        frame.release();
    }

    @Test
    void writesTheSharedBytesBelowTheEncoder() {
        // given
        ByteBuf own = frame.forOneSocket();
        long address = own.memoryAddress();
        own.release();

        // when
        outbox.send(frame);
        outbox.send(frame);
        boolean beforeFlush = channel.outboundMessages().isEmpty();
        outbox.flush();

        // then
        assertThat(beforeFlush).isTrue();
        for (int i = 0; i < 2; i++) {
            ByteBuf written = channel.readOutbound();
            assertThat(written.memoryAddress()).isEqualTo(address);
            assertThat(written.toString(2, written.readableBytes() - 2, StandardCharsets.UTF_8))
                    .isEqualTo("{\"n\":1}");
            written.release();
        }
    }

    @Test
    void takesNoMoreThanMayWait() {
        // when
        var deliveries = new ArrayList<Delivery>();
        for (int i = 0; i < 20; i++) {
            deliveries.add(outbox.send(frame));
        }

        // then
        assertThat(deliveries).startsWith(Delivery.DELIVERED).endsWith(Delivery.SLOW);
        assertThat(channel.unsafe().outboundBuffer().totalPendingWriteBytes())
                .isBetween(MAX_PENDING, MAX_PENDING + 2L * frame.bytes() + 200);
    }

    @Test
    void whatTheClientAskedForDoesNotCountUntilItKeepsUpAgain() {
        // given
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
        ServerFrame large = ServerFrame.text(new byte[10 * (int) MAX_PENDING]);

        // when
        Delivery answer = outbox.answer(large);
        large.release();
        Delivery next = outbox.send(frame);

        // then
        assertThat(answer).isEqualTo(Delivery.DELIVERED);
        assertThat(next).isEqualTo(Delivery.DELIVERED);

        // and when
        outbox.flush();
        var deliveries = new ArrayList<Delivery>();
        for (int i = 0; i < 20; i++) {
            deliveries.add(outbox.send(frame));
        }

        // then
        assertThat(deliveries).startsWith(Delivery.DELIVERED).endsWith(Delivery.SLOW);
    }

    @Test
    void isStalledWhenNothingLeavesAlthoughBytesWait() {
        // given
        outbox.stalledFor(Duration.ZERO);

        // when
        outbox.send(frame);
        boolean atFirst = outbox.stalledFor(Duration.ZERO);
        outbox.send(frame);
        boolean later = outbox.stalledFor(Duration.ZERO);
        boolean notYet = outbox.stalledFor(Duration.ofHours(1));
        outbox.flush();
        boolean afterItLeft = outbox.stalledFor(Duration.ZERO);

        // then
        assertThat(atFirst).isFalse();
        assertThat(later).isTrue();
        assertThat(notYet).isFalse();
        assertThat(afterItLeft).isFalse();
    }

    @Test
    void isNotStalledWhileSomethingLeaves() {
        // given: a client that takes less than it gets
        outbox.send(frame);
        outbox.stalledFor(Duration.ZERO);

        // when
        outbox.flush();
        outbox.send(frame);
        outbox.send(frame);

        // then
        assertThat(outbox.stalledFor(Duration.ZERO)).isFalse();
    }

    @Test
    void saysGoodbyeOnceAndTakesNothingAfterwards() {
        // when
        outbox.close(CloseCode.SLOW);
        outbox.close(CloseCode.SERVER_ERROR);

        // then
        assertThat(closes).singleElement().satisfies(reason -> {
            assertThat(reason.getCode()).isEqualTo(3008);
            assertThat(reason.getMessage()).isEqualTo("slow");
        });
        assertThat(outbox.send(frame)).isEqualTo(Delivery.CLOSED);
    }

    @Test
    void saysNothingAfterACloseThatSomebodyElseSent() {
        // given
        channel.writeOutbound(new CloseWebSocketFrame(1000, ""));
        channel.releaseOutbound();

        // when
        Delivery delivery = outbox.send(frame);
        outbox.close(CloseCode.SLOW);

        // then
        assertThat(delivery).isEqualTo(Delivery.CLOSED);
        assertThat(closes).isEmpty();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void cutsOffAClientThatDoesNotReadTheGoodbye() {
        // when
        outbox.close(CloseCode.SLOW);
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();

        // then
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBrokenConnectionTakesNothing() {
        // when
        channel.close().syncUninterruptibly();

        // then
        assertThat(outbox.send(frame)).isEqualTo(Delivery.CLOSED);
        assertThat(outbox.stalledFor(Duration.ZERO)).isFalse();
    }

    @Test
    void stopsAndGoesOnReading() {
        // when
        outbox.reading(false);
        boolean off = channel.config().isAutoRead();
        outbox.reading(true);

        // then
        assertThat(off).isFalse();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void namesThePipelineThatItCannotUse() {
        // given
        var plain = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        var lax = new EmbeddedChannel(new WebSocket13FrameEncoder(false));

        // then
        assertThatThrownBy(() -> new NettyOutbox(connection(), plain.pipeline().firstContext(), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No WebSocketFrameEncoder");
        assertThatThrownBy(() -> new NettyOutbox(connection(), lax.pipeline().firstContext(), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No ViolationGuard");
        plain.finishAndReleaseAll();
        lax.finishAndReleaseAll();
    }

    private static ViolationGuard guard() {
        return new ViolationGuard(new Violations(new SimpleMeterRegistry()));
    }

    /** Only closes. */
    private WebSocketConnection connection() {
        return (WebSocketConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketConnection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("close") && arguments[0] instanceof CloseReason reason) {
                        closes.add(reason);
                        return Uni.createFrom().voidItem();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
