package io.lightline.e2e;

import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A subscription of the {@link JavaSdk}, and all that it has heard. */
record JavaSdkSubscription(io.github.centrifugal.centrifuge.Subscription subscription, Heard heard) {

    void begin() {
        subscription.subscribe();
        JavaSdk.result(heard.begun);
    }

    /** Waits until it has ended, and says with which code. */
    int end() {
        subscription.unsubscribe();
        return JavaSdk.result(heard.ended);
    }

    /** Waits until the relay has acknowledged. */
    void publish(String data) {
        JavaSdk.<PublishResult>answer(
                callback -> subscription.publish(data.getBytes(StandardCharsets.UTF_8), callback));
    }

    HistoryResult history(HistoryOptions options) {
        return JavaSdk.answer(callback -> subscription.history(options, callback));
    }

    PresenceResult presence() {
        return JavaSdk.answer(subscription::presence);
    }

    PresenceStatsResult presenceStats() {
        return JavaSdk.answer(subscription::presenceStats);
    }

    /** In the order in which they came. */
    List<String> data() {
        return heard.publications.stream()
                .map(PublicationEvent::getData)
                .map(JavaSdkSubscription::text)
                .toList();
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Written by the SDK's threads, read by the test. */
    static final class Heard extends SubscriptionEventListener {

        final List<PublicationEvent> publications = new CopyOnWriteArrayList<>();
        final List<SubscribedEvent> subscribed = new CopyOnWriteArrayList<>();
        final List<String> joined = new CopyOnWriteArrayList<>();
        final List<String> left = new CopyOnWriteArrayList<>();
        private final CompletableFuture<SubscribedEvent> begun = new CompletableFuture<>();
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();

        @Override
        public void onSubscribed(io.github.centrifugal.centrifuge.Subscription self, SubscribedEvent event) {
            subscribed.add(event);
            begun.complete(event);
        }

        @Override
        public void onUnsubscribed(io.github.centrifugal.centrifuge.Subscription self, UnsubscribedEvent event) {
            ended.complete(event.getCode());
        }

        @Override
        public void onPublication(io.github.centrifugal.centrifuge.Subscription self, PublicationEvent event) {
            publications.add(event);
        }

        @Override
        public void onJoin(io.github.centrifugal.centrifuge.Subscription self, JoinEvent event) {
            joined.add(event.getInfo().getUser());
        }

        @Override
        public void onLeave(io.github.centrifugal.centrifuge.Subscription self, LeaveEvent event) {
            left.add(event.getInfo().getUser());
        }
    }
}
