package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProtocolSwitchTest {

    private final ProtocolSwitch protocolSwitch = protocolSwitch();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new WebSocket13FrameDecoder(true, true, 10), protocolSwitch);

    @AfterEach
    void releaseEverything() {
        channel.finishAndReleaseAll();
    }

    @Test
    void theSwitchMakesThePipelineStrict() {
        // when
        channel.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));

        // then
        assertThat(channel.pipeline().toMap().values())
                .extracting(Object::getClass)
                .containsExactly(
                        StrictFrameDecoder.class,
                        Utf8FrameValidator.class,
                        WebSocketFrameAggregator.class,
                        LatestPong.class,
                        ViolationGuard.class);
        assertThat(channel.outboundMessages()).hasSize(1);
    }

    @Test
    void aWebSocketIsReadInSmallBites() {
        // when
        channel.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));

        // then
        RecvByteBufAllocator reads = channel.config().getRecvByteBufAllocator();
        assertThat(((MaxMessagesRecvByteBufAllocator) reads).maxMessagesPerRead())
                .isEqualTo(1);
    }

    @Test
    void aRefusalLeavesThePipelineAsItWas() {
        // when
        channel.writeOutbound(answer(HttpResponseStatus.FORBIDDEN));

        // then
        assertThat(channel.pipeline().toMap().values())
                .extracting(Object::getClass)
                .containsExactly(WebSocket13FrameDecoder.class);
        assertThat(channel.outboundMessages()).hasSize(1);
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() {
        // when
        channel.writeOutbound(answer(HttpResponseStatus.CONTINUE));

        // then
        assertThat(channel.pipeline().toMap().values()).contains(protocolSwitch);
    }

    @Test
    void namesThePipelineThatItCannotUse() {
        // given
        var plain = new EmbeddedChannel(protocolSwitch());

        // then
        assertThatThrownBy(() -> plain.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS)))
                .hasStackTraceContaining("No WebSocketFrameDecoder");
        plain.finishAndReleaseAll();
    }

    private static ProtocolSwitch protocolSwitch() {
        return new ProtocolSwitch(1000, new Violations(new SimpleMeterRegistry()));
    }

    private static HttpResponse answer(HttpResponseStatus status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    }
}
