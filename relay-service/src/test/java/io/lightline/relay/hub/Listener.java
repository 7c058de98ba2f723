package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Position;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.Handwritten;
import io.lightline.relay.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes down what it gets. */
@NullUnmarked
final class Listener implements Subscriber {

    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");

    final List<String> deliveries = new CopyOnWriteArrayList<>();
    /** To see who shares them; released by the time a test looks. */
    final List<ServerFrame> frames = new CopyOnWriteArrayList<>();

    final List<Long> offsets = new CopyOnWriteArrayList<>();
    /** How many of the deliveries came as such. */
    final AtomicInteger notices = new AtomicInteger();

    final AtomicInteger flushes = new AtomicInteger();
    volatile Position position;
    volatile Recovered recovery;
    volatile boolean refused;
    volatile boolean lost;
    volatile Following following = Following.STREAM;
    volatile Filter filter;
    volatile boolean joinLeave;
    volatile Encoding encoding = Encoding.JSON;
    volatile Delivery answer = Delivery.DELIVERED;
    private final Hub hub;
    final ChannelName channel;
    private final FanoutLoop loop;
    private Membership membership;

    Listener(Hub hub, ChannelName channel, FanoutLoop loop) {
        this.hub = hub;
        this.channel = channel;
        this.loop = loop;
    }

    void join(@Nullable Position since) {
        membership = hub.join(channel, new Interest(following, filter, joinLeave, since), this);
    }

    void listens() {
        join(null);
        await().untilAsserted(() -> assertThat(position).isNotNull());
    }

    void leave() {
        loop.post(membership::leave);
    }

    void awaitOffsets(long first, long last) {
        var expected =
                new ArrayList<>(LongStream.rangeClosed(first, last).boxed().toList());
        await().untilAsserted(() -> assertThat(offsets).containsExactlyElementsOf(expected));
    }

    @Override
    public FanoutLoop loop() {
        return loop;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }

    @Override
    public void joined(@Nullable Position at, @Nullable Recovered recovered) {
        position = at;
        recovery = recovered;
    }

    @Override
    public void refused(Refusal reason) {
        refused = true;
    }

    @Override
    public Delivery deliver(ServerFrame frame) {
        frames.add(frame);
        String text = frame.text();
        deliveries.add(text);
        switch (encoding) {
            case JSON -> {
                var offset = OFFSET.matcher(text);
                if (offset.find()) {
                    offsets.add(Long.parseLong(offset.group(1)));
                }
            }
            case PROTOBUF -> {
                var push =
                        Handwritten.child(Handwritten.messages(frame.payload()).getFirst(), 4);
                offsets.add(Handwritten.number(Handwritten.child(push, 4), 6));
            }
        }
        return answer;
    }

    @Override
    public Delivery deliverNotice(ServerFrame frame) {
        notices.incrementAndGet();
        return deliver(frame);
    }

    @Override
    public void deliverPresence(ServerFrame frame) {
        deliveries.add(frame.text());
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
    }

    @Override
    public void lost() {
        lost = true;
    }
}
