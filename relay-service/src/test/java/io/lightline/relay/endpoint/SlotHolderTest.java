package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.relay.admission.Admission;
import io.lightline.relay.admission.Admissions;
import io.lightline.relay.admission.Slot;
import io.lightline.relay.admission.Verdict;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullUnmarked
class SlotHolderTest {

    private final Admission admission = Admissions.usual();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private ChannelHandlerContext server;

    @BeforeEach
    void connect() {
        channel.pipeline().addLast("handler", new ChannelInboundHandlerAdapter());
        server = channel.pipeline().context("handler");
    }

    @AfterEach
    void disconnect() {
        channel.finishAndReleaseAll();
    }

    @Test
    void anUpgradedConnectionHoldsItsSlotUntilItIsGone() {
        // given
        SlotHolder.hold(slot(), server);

        // when
        answers(HttpResponseStatus.CONTINUE);
        answers(HttpResponseStatus.SWITCHING_PROTOCOLS);

        // then
        assertThat(admission.sockets()).isEqualTo(1);

        // and when
        dies();

        // then
        assertThat(admission.sockets()).isZero();
    }

    @Test
    void aHandshakeThatFailsGivesTheSlotBackAndLeavesNothingBehind() {
        // given
        SlotHolder.hold(slot(), server);

        // when
        answers(HttpResponseStatus.UPGRADE_REQUIRED);

        // then
        assertThat(admission.sockets()).isZero();
        assertThat(channel.pipeline().get(SlotHolder.class)).isNull();

        // and when: the connection is used again
        SlotHolder.hold(slot(), server);
        answers(HttpResponseStatus.SWITCHING_PROTOCOLS);

        // then
        assertThat(admission.sockets()).isEqualTo(1);
        dies();
        assertThat(admission.sockets()).isZero();
    }

    @Test
    void aConnectionThatDiesBeforeItsAnswerGivesTheSlotBack() {
        // given
        SlotHolder.hold(slot(), server);

        // when
        dies();

        // then
        assertThat(admission.sockets()).isZero();
    }

    @Test
    void aConnectionThatIsGoneAlreadyTakesNone() {
        // given
        Slot slot = slot();
        dies();

        // when
        assertThatThrownBy(() -> SlotHolder.hold(slot, server)).isInstanceOf(NoSuchElementException.class);

        // then
        assertThat(admission.sockets()).isZero();
    }

    private Slot slot() {
        return ((Verdict.Admitted) admission.ask(Optional.empty())).slot();
    }

    private void dies() {
        assertThat(channel.close()).matches(Future::isDone);
    }

    private void answers(HttpResponseStatus status) {
        assertThat(server.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status)))
                .matches(Future::isDone);
    }
}
