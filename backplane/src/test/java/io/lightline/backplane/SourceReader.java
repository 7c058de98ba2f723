package io.lightline.backplane;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source into a sink as the publisher does: from the checkpoint in force, each item expecting the checkpoint of the one
 * before, without waiting for it; after a refusal, and once all is answered, again from the checkpoint in force. Lives on the
 * delivery thread.
 */
final class SourceReader {

    private static final Duration PAUSE = Duration.ofMillis(5);

    /**
     * One item of a source.
     *
     * @param next the checkpoint behind it; empty for a remark that does not move the checkpoint and that is waited for
     */
    record Item(String id, Optional<String> next, List<ChannelName> derived) {}

    private final Backplane backplane;
    private final ProcessSink sink;
    private final ChannelName channel;
    private final List<Item> items;
    private final long fence;
    /** Of the messages that are to be unusable. */
    private final Predicate<Item> spoilt;

    private Optional<String> tip = Optional.empty();
    private int position;
    private int unanswered;
    private boolean reading;
    private boolean refused;
    private boolean remarkUnanswered;
    private volatile boolean fenced;
    private volatile int refusals;

    SourceReader(
            Backplane backplane,
            ProcessSink sink,
            ChannelName channel,
            List<Item> items,
            long fence,
            Predicate<Item> spoilt) {
        this.backplane = backplane;
        this.sink = sink;
        this.channel = channel;
        this.items = items;
        this.fence = fence;
        this.spoilt = spoilt;
    }

    void start() {
        backplane.deliveryThread().execute(this::load);
    }

    /** Whether a younger one has taken over. */
    boolean fenced() {
        return fenced;
    }

    /** Of messages, by whatever cause. */
    int refusals() {
        return refusals;
    }

    private void load() {
        reading = false;
        backplane.checkpoint(channel, fence).subscribe().with(this::read, cause -> {
            fenced |= cause instanceof FencedException;
            if (!fenced) {
                backplane.deliveryThread().schedule(PAUSE, this::load);
            }
        });
    }

    private void read(Optional<String> checkpoint) {
        tip = checkpoint;
        position = 0;
        while (checkpoint.isPresent() && !items.get(position++).next().equals(checkpoint)) {
            // Looks for the item behind the checkpoint.
        }
        reading = true;
        refused = false;
        sink.wake();
    }

    /** Hands one item on, if there is one to hand on now. */
    boolean handOn() {
        if (!reading || refused || fenced || remarkUnanswered || position == items.size()) {
            return false;
        }
        Item item = items.get(position++);
        var checkpoint = new Checkpoint(tip, item.next(), fence);
        tip = checkpoint.reached();
        unanswered++;
        remarkUnanswered = item.next().isEmpty();
        Message<?> message = Message.of(
                        spoilt.test(item) ? "not a draft" : TestPod.draft(item.id()),
                        Metadata.empty(),
                        () -> answered(null),
                        this::answered)
                .addMetadata(
                        OutgoingPublication.from(channel, item.id(), checkpoint).alsoTo(item.derived()));
        sink.hand(message);
        return true;
    }

    private CompletionStage<Void> answered(@Nullable Throwable cause) {
        unanswered--;
        remarkUnanswered = false;
        if (cause != null) {
            refused = true;
            refusals++;
        }
        fenced |= cause instanceof FencedException;
        if (unanswered == 0 && refused && !fenced) {
            backplane.deliveryThread().schedule(PAUSE, this::load);
        }
        sink.wake();
        return CompletableFuture.completedFuture(null);
    }
}
