package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViolationGuardTest {

    private static final CorruptedWebSocketFrameException NO_TEXT =
            new CorruptedWebSocketFrameException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "bytes are not UTF-8");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ViolationGuard guard = new ViolationGuard(new Violations(meters));
    private final EmbeddedChannel channel = new EmbeddedChannel(guard);

    @AfterEach
    void releaseEverything() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aViolationComesThroughAsACloseOfTheClient() {
        // when
        fails(NO_TEXT);

        // then
        CloseWebSocketFrame close = channel.readInbound();
        assertThat(close.statusCode()).isEqualTo(1007);
        assertThat(close.reasonText()).isEqualTo("bytes are not UTF-8");
        assertThat(counted(1007)).isOne();
        close.release();
    }

    @Test
    void aMessageThatGrewTooLongIsTooBig() {
        // when
        fails(new TooLongFrameException("too long"));

        // then
        CloseWebSocketFrame close = channel.readInbound();
        assertThat(close.statusCode()).isEqualTo(1009);
        assertThat(counted(1009)).isOne();
        close.release();
    }

    @Test
    void onlyTheFirstViolationCounts() {
        // when
        fails(NO_TEXT);
        fails(NO_TEXT);
        fails(new TooLongFrameException());

        // then
        assertThat(channel.inboundMessages()).hasSize(1);
        assertThat(counted(1007)).isOne();
        assertThat(counted(1009)).isZero();
    }

    @Test
    void nothingIsReadAfterAViolation() {
        // given
        fails(NO_TEXT);
        ByteBuf bytes = Unpooled.buffer().writeByte(1);
        var frame = new TextWebSocketFrame("decoded already");

        // when
        channel.writeInbound(bytes);
        guard.channelRead(channel.pipeline().context(guard), frame);

        // then
        assertThat(channel.inboundMessages()).hasSize(1);
        assertThat(bytes.refCnt()).isZero();
        assertThat(frame.refCnt()).isZero();
    }

    @Test
    void afterOurCloseOnlyTheClientsCloseComesThrough() {
        // given
        channel.writeOutbound(new CloseWebSocketFrame(3013, "too many requests"));
        var flood = new TextWebSocketFrame("{}");
        var close = new CloseWebSocketFrame(3013, "");

        // when
        channel.writeInbound(flood, close);

        // then
        assertThat(channel.inboundMessages()).containsExactly(close);
        assertThat(flood.refCnt()).isZero();
    }

    @Test
    void readingGoesOnSoThatTheEndOfTheClientIsSeen() {
        // given
        channel.config().setAutoRead(false);

        // when
        fails(NO_TEXT);

        // then
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aClientThatKeepsItsSideOpenIsCutOff() {
        // given
        fails(NO_TEXT);
        var _ = channel.pipeline().close();
        boolean before = channel.isOpen();

        // when
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();

        // then
        assertThat(before).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aCloseIsCompleteWhenTheSocketIs() {
        // given
        fails(NO_TEXT);
        var closing = channel.pipeline().close();
        boolean before = closing.isDone();

        // when
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();

        // then
        assertThat(before).isFalse();
        assertThat(closing.isSuccess()).isTrue();
    }

    @Test
    void anOrdinaryConnectionClosesAtOnce() {
        // when
        var _ = channel.close();

        // then
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothingFollowsTheServersClose() {
        // given
        boolean before = guard.closeSent();
        var late = new TextWebSocketFrame("late");

        // when
        channel.writeOutbound(
                new TextWebSocketFrame("in time"), new CloseWebSocketFrame(1000, ""), new CloseWebSocketFrame(), late);

        // then
        assertThat(before).isFalse();
        assertThat(guard.closeSent()).isTrue();
        assertThat(channel.outboundMessages()).hasSize(2);
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void aClientThatVanishedInTheMiddleOfAMessageIsNoNews() {
        // when
        fails(new PrematureChannelClosureException());

        // then
        assertThat(channel.inboundMessages()).isEmpty();
        channel.checkException();
    }

    @Test
    void otherFailuresAreNotTheGuardsBusiness() {
        // when
        fails(new IOException("Connection reset by peer"));

        // then
        assertThatThrownBy(channel::checkException).isInstanceOf(IOException.class);
    }

    private void fails(Throwable failure) {
        channel.pipeline().fireExceptionCaught(failure);
        channel.runPendingTasks();
    }

    private double counted(int code) {
        return meters.counter("lightline.websocket.violations", "code", "" + code)
                .count();
    }
}
