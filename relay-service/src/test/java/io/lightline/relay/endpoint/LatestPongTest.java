package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatestPongTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new LatestPong());

    @BeforeEach
    void takeLittle() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
    }

    @AfterEach
    void releaseEverything() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pongsLeaveAtOnceWhileTheSocketTakesThem() {
        // when
        channel.writeOutbound(pong("1"), pong("2"));

        // then
        assertThat(channel.outboundMessages()).hasSize(2);
    }

    @Test
    void ofManyPongsOnlyTheLatestWaits() {
        // given
        var _ = channel.write(Unpooled.wrappedBuffer(new byte[1000]));
        PongWebSocketFrame first = pong("1");
        PongWebSocketFrame last = pong("2");

        // when
        var _ = channel.write(first);
        var _ = channel.write(last);
        int before = channel.outboundMessages().size();
        channel.flush();

        // then
        assertThat(before).isZero();
        assertThat(first.refCnt()).isZero();
        assertThat(channel.outboundMessages()).hasSize(2).last().isSameAs(last);
    }

    @Test
    void noPongFollowsAClose() {
        // given
        var _ = channel.write(Unpooled.wrappedBuffer(new byte[1000]));
        PongWebSocketFrame waiting = pong("1");
        var _ = channel.write(waiting);

        // when
        var _ = channel.write(new CloseWebSocketFrame(1000, ""));
        channel.flush();

        // then
        assertThat(waiting.refCnt()).isZero();
        assertThat(channel.outboundMessages()).hasSize(2).last().isInstanceOf(CloseWebSocketFrame.class);
    }

    @Test
    void whatWaitsGoesWithTheConnection() {
        // given
        var _ = channel.write(Unpooled.wrappedBuffer(new byte[1000]));
        PongWebSocketFrame waiting = pong("1");
        var _ = channel.write(waiting);

        // when
        channel.close().syncUninterruptibly();

        // then
        assertThat(waiting.refCnt()).isZero();
    }

    private static PongWebSocketFrame pong(String payload) {
        return new PongWebSocketFrame(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8));
    }
}
