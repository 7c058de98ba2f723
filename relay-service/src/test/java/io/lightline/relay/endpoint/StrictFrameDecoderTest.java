package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StrictFrameDecoderTest {

    private static final int TURN = StrictFrameDecoder.TURN;
    private static final String FRAME = "frame";
    private static final String OTHERS = "somebody else's task";

    private final List<String> log = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean over;
    private final StrictFrameDecoder decoder = new StrictFrameDecoder(1000, () -> over);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder, new Listener());

    @AfterEach
    void releaseEverything() {
        channel.finishAndReleaseAll();
    }

    @Test
    void othersComeBetweenTheFramesOfOneReading() {
        // when
        channel.writeInbound(frames(2 * TURN + 1));

        // then
        assertThat(log)
                .containsExactlyElementsOf(Stream.of(turn(TURN), turn(TURN), turn(1))
                        .flatMap(List::stream)
                        .toList());
    }

    @Test
    void aTurnsFramesAndNoMoreNeedNoSecondTurn() {
        // when
        channel.writeInbound(frames(TURN));
        channel.writeInbound(frames(TURN));

        // then
        assertThat(log)
                .containsExactlyElementsOf(
                        Stream.of(turn(TURN), turn(TURN)).flatMap(List::stream).toList());
    }

    @Test
    void theSocketIsNotReadWhileFramesWait() {
        // when
        channel.pipeline().fireChannelRead(frames(TURN + 1));
        boolean whileOneWaits = channel.config().isAutoRead();
        channel.runPendingTasks();

        // then
        assertThat(whileOneWaits).isFalse();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(decoded()).isEqualTo(TURN + 1);
    }

    @Test
    void nothingIsDecodedWhileNobodyWantsFrames() {
        // given
        decoder.reading(false);

        // when
        channel.writeInbound(frames(3));
        int unwanted = decoded();
        boolean read = channel.config().isAutoRead();
        decoder.reading(true);
        channel.runPendingTasks();

        // then
        assertThat(unwanted).isZero();
        assertThat(read).isFalse();
        assertThat(decoded()).isEqualTo(3);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whatComesWhileNobodyWantsFramesBringsNoFurtherReading() {
        // given
        var readings = new AtomicInteger();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
                readings.incrementAndGet();
            }
        });
        decoder.reading(false);

        // when
        channel.writeInbound(frames(1));

        // then
        assertThat(readings).hasValue(0);
    }

    @Test
    void whoStopsWantingFramesInMidTurnGetsTheRestLater() {
        // when
        channel.pipeline().fireChannelRead(frames(2 * TURN));
        decoder.reading(false);
        channel.runPendingTasks();
        int before = decoded();
        decoder.reading(true);
        channel.runPendingTasks();

        // then
        assertThat(before).isEqualTo(TURN);
        assertThat(decoded()).isEqualTo(2 * TURN);
    }

    @Test
    void afterTheGoodbyeFramesTakeNoTurns() {
        // given
        over = true;

        // when
        channel.pipeline().fireChannelRead(frames(10 * TURN));

        // then
        assertThat(decoded()).isEqualTo(10 * TURN);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whatIsBrokenInALaterTurnIsAViolationToo() {
        // given
        ByteBuf bytes =
                frames(TURN).writeBytes(ClientFrame.text("x").reserved(1).bytes());

        // when
        channel.writeInbound(bytes);

        // then
        assertThat(decoded()).isEqualTo(TURN);
        assertThat(failures).singleElement().isInstanceOf(CorruptedWebSocketFrameException.class);
    }

    private int decoded() {
        return (int) log.stream().filter(FRAME::equals).count();
    }

    /** A task is queued with the first frame of each turn; it is done when the turn is over. */
    private static List<String> turn(int frames) {
        return Stream.concat(IntStream.range(0, frames).mapToObj(_ -> FRAME), Stream.of(OTHERS))
                .toList();
    }

    private static ByteBuf frames(int count) {
        ByteBuf bytes = Unpooled.buffer();
        IntStream.range(0, count)
                .forEach(_ -> bytes.writeBytes(ClientFrame.text("x").bytes()));
        return bytes;
    }

    private final class Listener extends ChannelInboundHandlerAdapter {

        private boolean queued;

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            ReferenceCountUtil.release(frame);
            log.add(FRAME);
            if (!queued) {
                queued = true;
                context.executor().execute(() -> {
                    queued = false;
                    log.add(OTHERS);
                });
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            failures.add(failure);
        }
    }
}
