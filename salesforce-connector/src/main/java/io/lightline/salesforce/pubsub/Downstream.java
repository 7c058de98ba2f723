package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The one subscriber of a stream: what it has asked for, what is with it, what it has answered. Belongs to the connector's
 * thread; only the answers ({@code ack}, {@code nack}) may come from any.
 */
final class Downstream {

    private final StreamStatistics statistics;
    private final Executor thread;
    private final Listener listener;
    private final InFlight inFlight = new InFlight();
    private Flow.@Nullable Subscriber<? super Message<TopicItem>> subscriber;
    private long demand;

    Downstream(StreamStatistics statistics, Executor thread, Listener listener) {
        this.statistics = statistics;
        this.thread = thread;
        this.listener = listener;
    }

    void subscribed(Flow.Subscriber<? super Message<TopicItem>> newSubscriber) {
        subscriber = newSubscriber;
    }

    boolean is(Flow.Subscriber<? super Message<TopicItem>> other) {
        return subscriber == other;
    }

    void requested(long count) {
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
    }

    boolean wants() {
        return demand > 0;
    }

    /** How many events may be on their way or waiting: no more than asked for, no more than the window leaves. */
    long room(int window) {
        return Math.min(demand, window - inFlight.unanswered());
    }

    InFlight inFlight() {
        return inFlight;
    }

    /** Hands on what did not come from Salesforce; only when {@link #wants}. */
    void take(Gap gap) {
        take(gap, Metadata.empty());
    }

    /** Hands it on; only when {@link #wants}. */
    void take(TopicItem item, Arrival arrival) {
        take(item, Metadata.of(arrival));
    }

    private void take(TopicItem item, Metadata metadata) {
        InFlight.Entry entry = switch (item) {
            case SalesforceEvent event -> inFlight.add(event.replayId());
            case UndecodableEvent event -> inFlight.add(event.replayId());
            case Gap _ -> inFlight.addUnplaced();
        };
        statistics.handedOn(item, inFlight.unanswered());
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        if (subscriber != null) {
            subscriber.onNext(
                    Message.of(item, metadata, () -> acknowledge(item, entry), cause -> refuse(item, entry, cause)));
        }
    }

    void complete() {
        if (subscriber != null) {
            subscriber.onComplete();
        }
    }

    private CompletionStage<Void> acknowledge(TopicItem item, InFlight.Entry entry) {
        thread.execute(() -> {
            ReplayId before = inFlight.checkpoint();
            if (inFlight.answer(entry, InFlight.Answer.ACKNOWLEDGED)) {
                statistics.acknowledged(inFlight.unanswered(), before != inFlight.checkpoint());
                listener.acknowledged(item);
            }
        });
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> refuse(TopicItem item, InFlight.Entry entry, Throwable cause) {
        thread.execute(() -> {
            if (inFlight.answer(entry, InFlight.Answer.REFUSED)) {
                statistics.refused(inFlight.unanswered());
                listener.refused(item, cause);
            }
        });
        return CompletableFuture.completedStage(null);
    }

    /** Hears of each first answer, on the connector's thread. */
    interface Listener {

        void acknowledged(TopicItem item);

        void refused(TopicItem item, Throwable cause);
    }
}
