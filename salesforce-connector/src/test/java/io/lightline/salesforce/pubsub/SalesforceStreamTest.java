package io.lightline.salesforce.pubsub;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.event;
import static io.lightline.salesforce.pubsub.ScriptedPubSub.order;
import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.auth.LoginFailedException;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.Schemas;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import io.lightline.salesforce.pubsub.ScriptedPubSub.Call;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalesforceStreamTest {

    private static final String TOPIC = "/event/Order__e";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger logins = new AtomicInteger();
    private final Consumer consumer = new Consumer();
    private final Store store = new Store();
    private ScriptedPubSub server;
    private ManagedChannel channel;
    private SalesforceStream stream;
    private volatile boolean loginFails;
    private Duration watchdog = LONG;
    private LostPosition onLostPosition = LostPosition.LATEST;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPubSub();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .executor(thread)
                .build();
        stream = newStream(1, ReplayStore.none());
    }

    @AfterEach
    void stop() {
        consumer.cancel();
        channel.shutdownNow();
        server.close();
        thread.shutdownNow();
    }

    @Test
    void demandBecomesCreditsAndNeverMoreThanTheWindow() {
        // given
        startStream(10, ReplayStore.none());

        // when
        consumer.request(3);

        // then
        Call call = call(1);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(3));
        consumer.request(1_000);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(10));
    }

    @Test
    void noCallIsMadeBeforeTheConsumerAsks() {
        // when
        SalesforceStream stream = startStream(10, ReplayStore.none());

        // then
        await().untilAsserted(() -> assertThat(stream.status().state()).isEqualTo("waiting for the consumer"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void unacknowledgedEventsUseUpTheWindow() {
        // given
        startStream(4, ReplayStore.none());
        consumer.request(Long.MAX_VALUE);
        Call call = call(1);

        // when
        call.sendOrders(1, 2, 3, 4);
        consumer.awaitEvents(4);

        // then
        assertThat(call.requested()).isEqualTo(4);
        consumer.ackUpTo(2);
        await().untilAsserted(() -> assertThat(call.requested()).isEqualTo(6));
    }

    @Test
    void eventsArriveDecodedInOrderAndEachNamesTheCheckpointBeforeIt() {
        // given
        store.checkpoint = replayId(7);
        startStream(100, store);
        consumer.request(100);

        // when
        call(1).send(
                        order(10),
                        order(12),
                        event(15, "order-2", order(15).getEvent().getPayload().toByteArray()));

        // then
        consumer.awaitEvents(3);
        List<SalesforceEvent> events = consumer.events();
        assertThat(events).extracting(SalesforceEvent::id).containsExactly("e-10", "e-12", "e-15");
        assertThat(events)
                .extracting(SalesforceEvent::previous)
                .containsExactly(replayId(7), replayId(10), replayId(12));
        assertThat(events).extracting(SalesforceEvent::orgId).containsOnly("00D000000000001EAA");
        assertThat(events).extracting(SalesforceEvent::name).containsOnly("Order__e");
        assertThat(events)
                .extracting(SalesforceEvent::schemaId)
                .containsExactly(ScriptedPubSub.ORDER_SCHEMA, ScriptedPubSub.ORDER_SCHEMA, "order-2");
        assertThat(server.schemaRequests()).isEqualTo(2);
    }

    @Test
    void firstStartIsLatestAndTheFirstEventFollowsNothing() {
        // given
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).sendOrders(1);

        // then
        consumer.awaitEvents(1);
        assertThat(firstRequest(1).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        assertThat(consumer.events().getFirst().previous()).isNull();
    }

    @Test
    void startGoesOnFromTheStoredCheckpoint() {
        // given
        store.checkpoint = replayId(41);

        // when
        startStream(10, store);
        consumer.request(10);

        // then
        assertThat(firstRequest(1).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(41));
    }

    @Test
    void streamThatTheServerEndsGoesOnAfterTheLastAcknowledgedEvent() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1, 2, 3);
        consumer.awaitEvents(3);
        consumer.ackUpTo(2);

        // when
        call(1).complete();

        // then: the third is still with the consumer, so it is waited for
        await().untilAsserted(() -> assertThat(streamState()).isEqualTo("waiting for the checkpoint"));
        assertThat(server.calls()).hasSize(1);
        consumer.ackUpTo(3);
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service.unavailable", "subscription.internal.error", "a.code.of.tomorrow"})
    void passingErrorIsFollowedByAnotherCall(String code) {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.INTERNAL, code);

        // then
        assertThat(call(2)).isNotNull();
        assertThat(stream.status().reconnects()).isEqualTo(1);
    }

    @Test
    void serverThatIsGoneAndComesBackIsFoundAgain() throws IOException {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1);
        consumer.awaitEvents(1);
        consumer.ackUpTo(1);

        // when
        int port = server.port();
        server.close();
        await().untilAsserted(() -> assertThat(stream.status().reconnects()).isPositive());
        assertThat(stream.status().ready()).isFalse();
        server = new ScriptedPubSub(port);

        // then
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(1));
    }

    @Test
    void topicThatDoesNotExistIsTriedRarelyAndSaidInTheState() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.NOT_FOUND, "topic.not.found");

        // then
        await().untilAsserted(() -> assertThat(streamState()).isEqualTo("pausing for PT10M: topic.not.found"));
        assertThat(stream.status().ready()).isFalse();
    }

    @Test
    void unknownReplayIdIsFollowedByTheLatestEventsAndTheStoresCheckpointStays() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");

        // then
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
        call(2).sendOrders(50);
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().previous()).isEqualTo(replayId(41));
        assertThat(stream.status().gaps()).isEqualTo(1);
    }

    @Test
    void streamThatBreaksInsideAGapStillStartsWithTheLatest() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");

        // when
        call(2).complete();

        // then
        assertThat(firstRequest(3).getReplayPreset()).isEqualTo(ReplayPreset.LATEST);
    }

    @Test
    void afterAGapTheNextCheckpointIsUsedAgain() {
        // given
        store.checkpoint = replayId(41);
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");
        call(2).sendOrders(50);
        consumer.awaitEvents(1);
        consumer.ackUpTo(1);

        // when
        call(2).complete();

        // then
        assertThat(firstRequest(3).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(3).getReplayId()).isEqualTo(bytes(50));
    }

    @Test
    void silenceEndsTheCallAndAnotherOneIsMade() {
        // given
        watchdog = Duration.ofMillis(50);
        startStream(10, ReplayStore.none());

        // when
        consumer.request(10);

        // then
        assertThat(call(2)).isNotNull();
        await().untilAsserted(() -> assertThat(call(1).cancelled()).isTrue());
    }

    @Test
    void refusedTokenIsReplacedAtOnceAndOnce() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");

        // then
        assertThat(call(2)).isNotNull();
        assertThat(server.tokens()).containsExactly("token-1", "token-2");
        call(2).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");
        await().untilAsserted(() -> assertThat(server.tokens()).contains("token-3"));
    }

    @Test
    void failedLoginIsTriedAgain() {
        // given
        loginFails = true;
        startStream(10, ReplayStore.none());
        consumer.request(10);
        await().untilAsserted(() -> assertThat(logins).hasValueGreaterThan(1));

        // when
        loginFails = false;

        // then
        assertThat(call(1)).isNotNull();
    }

    @Test
    void refusedEventIsReadAgainFromTheStoresCheckpoint() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(100);
        call(1).sendOrders(8, 9);
        consumer.awaitEvents(2);

        // when: somebody else has moved the checkpoint on
        store.checkpoint = replayId(20);
        consumer.nack(0);
        consumer.nack(1);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(20));
        await().untilAsserted(() -> assertThat(call(1).cancelled()).isTrue());
        call(2).sendOrders(21);
        consumer.awaitEvents(3);
        assertThat(consumer.events().getLast().previous()).isEqualTo(replayId(20));
        assertThat(stream.status().refused()).isEqualTo(2);
    }

    @Test
    void withoutAStoreARefusedEventAndThoseAfterItComeAgain() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(100);
        call(1).sendOrders(1, 2, 3);
        consumer.awaitEvents(3);

        // when
        consumer.ackUpTo(1);
        consumer.nack(1);
        consumer.ack(2);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(1));
    }

    @Test
    void keepaliveOfAQuietTopicMovesTheCheckpoint() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);

        // when
        call(1).keepalive(30, 10);

        // then
        await().untilAsserted(() -> assertThat(store.checkpoint).isEqualTo(replayId(30)));
        call(1).sendOrders(31);
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().previous()).isEqualTo(replayId(30));
    }

    @Test
    void keepaliveWhileAnEventIsUnansweredMovesNothing() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(8);
        consumer.awaitEvents(1);

        // when
        call(1).keepalive(30, 9);
        call(1).sendOrders(31);
        consumer.awaitEvents(2);

        // then
        assertThat(consumer.events().getLast().previous()).isEqualTo(replayId(8));
        assertThat(store.checkpoint).isEqualTo(replayId(7));
    }

    @Test
    void keepaliveThatTheStoreRefusesMakesTheStreamAskIt() {
        // given
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1);

        // when: somebody else has moved the checkpoint on
        store.checkpoint = replayId(20);
        call(1).keepalive(30, 10);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(20));
    }

    @Test
    void storeThatIsDownIsAskedAgain() {
        // given
        store.failures.add(new IllegalStateException("down"));
        store.checkpoint = replayId(7);

        // when
        startStream(10, store);
        consumer.request(10);

        // then
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(7));
    }

    @Test
    void undecodableEventsComeInTheirPlaceWithTheirBytesAndMoveTheCheckpoint() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).send(
                        order(1),
                        event(2, ScriptedPubSub.ORDER_SCHEMA, new byte[] {1}),
                        event(3, "broken-1", new byte[0]),
                        order(4));

        // then
        consumer.awaitEvents(4);
        assertThat(consumer.items()).extracting(TopicItem::id).containsExactly("e-1", "e-2", "e-3", "e-4");
        assertThat(consumer.items())
                .extracting(TopicItem::previous)
                .containsExactly(null, replayId(1), replayId(2), replayId(3));
        assertThat(consumer.items().get(1)).isInstanceOfSatisfying(UndecodableEvent.class, event -> {
            assertThat(event.payload()).containsExactly(1);
            assertThat(event.replayId()).isEqualTo(replayId(2));
            assertThat(event.schemaId()).isEqualTo(ScriptedPubSub.ORDER_SCHEMA);
            assertThat(event.reason()).isEqualTo("Not the bytes of a Order__e");
        });
        assertThat(stream.status().undecodable()).isEqualTo(2);
        assertThat(stream.status().received()).isEqualTo(4);
        assertThat(stream.status().delivered()).isEqualTo(2);
    }

    @Test
    void schemaThatCannotBeHadNowIsAskedForAgainAndNothingIsLost() {
        // given
        server.failNextSchema(Status.UNAVAILABLE);
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(8);

        // when
        Call again = call(2);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(7));
        again.sendOrders(8);
        consumer.awaitEvents(1);
        assertThat(stream.status().discarded()).isEqualTo(1);
    }

    @Test
    void lateEventsOfACallThatWasGivenUpAreIgnored() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(100);
        call(1).sendOrders(1);
        consumer.awaitEvents(1);
        consumer.nack(0);

        // when: the old call speaks before its cancellation has reached the server
        if (!call(1).cancelled()) {
            call(1).sendOrders(2);
        }

        // then
        call(2).sendOrders(1);
        consumer.awaitEvents(2);
        assertThat(consumer.events()).extracting(SalesforceEvent::id).containsExactly("e-1", "e-1");
    }

    @Test
    void cancelledSubscriptionEndsTheCallForGood() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        Call call = call(1);

        // when
        consumer.cancel();

        // then
        await().untilAsserted(() -> assertThat(call.cancelled()).isTrue());
        assertThat(streamState()).isEqualTo("closed");
    }

    @Test
    void secondSubscriberIsRefused() {
        // given
        startStream(10, ReplayStore.none());
        var second = new Consumer();

        // when
        stream.subscribe(second);

        // then
        await().untilAsserted(() -> assertThat(second.error).isInstanceOf(IllegalStateException.class));
        second.cancel();
        consumer.request(1);
        assertThat(call(1)).isNotNull();
    }

    @Test
    void requestForNothingIsAnError() {
        // given
        startStream(10, ReplayStore.none());

        // when
        consumer.request(0);

        // then
        await().untilAsserted(() -> assertThat(consumer.error).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void changeEventWithoutAnIdIsNamedByItsChange() {
        // given
        byte[] change = Schemas.accountChange("CREATE", List.of(), List.of(), List.of(), Map.of());
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).send(event(1, ScriptedPubSub.ACCOUNT_SCHEMA, change).toBuilder()
                .setEvent(event(1, ScriptedPubSub.ACCOUNT_SCHEMA, change).getEvent().toBuilder()
                        .clearId())
                .build());

        // then
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().id())
                .isEqualTo("00046c7a-0000-0000-0000-000000000001:1:Account:11657372702432");
    }

    private SalesforceStream startStream(int window, ReplayStore replayStore) {
        stream = newStream(window, replayStore);
        stream.subscribe(consumer);
        return stream;
    }

    private SalesforceStream newStream(int window, ReplayStore replayStore) {
        var client = new PubSubClient(channel);
        var settings = new StreamSettings(
                TOPIC,
                InitialReplay.LATEST,
                onLostPosition,
                window,
                watchdog,
                Duration.ZERO,
                LONG,
                new StreamSettings.Pauses(Duration.ofMillis(1), Duration.ofMillis(50), LONG, LONG));
        var tokens = new TokenSource(this::login, LONG);
        return new SalesforceStream(settings, client, tokens, new SchemaCache(client), replayStore, thread);
    }

    private Token login() {
        int number = logins.incrementAndGet();
        if (loginFails) {
            throw new LoginFailedException("scripted");
        }
        return new Token("token-" + number, URI.create("https://org.example"), "00D000000000001EAA");
    }

    private String streamState() {
        return stream.status().state();
    }

    /** The n-th call, once it has been made. */
    private Call call(int number) {
        await().untilAsserted(() -> {
            assertThat(server.calls()).hasSizeGreaterThanOrEqualTo(number);
            assertThat(server.calls().get(number - 1).requests()).isNotEmpty();
        });
        return server.calls().get(number - 1);
    }

    private FetchRequest firstRequest(int number) {
        return call(number).requests().getFirst();
    }

    private static ByteString bytes(int number) {
        return ByteString.copyFrom(replayId(number).bytes());
    }

    /** Keeps what it gets and answers when told. */
    private static final class Consumer implements Flow.Subscriber<Message<TopicItem>> {

        private final List<Message<TopicItem>> messages = new CopyOnWriteArrayList<>();
        private volatile Flow.@Nullable Subscription subscription;
        private volatile @Nullable Throwable error;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Message<TopicItem> message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            error = failure;
        }

        @Override
        public void onComplete() {
            error = new AssertionError("A topic never ends");
        }

        List<SalesforceEvent> events() {
            return items().stream()
                    .filter(SalesforceEvent.class::isInstance)
                    .map(SalesforceEvent.class::cast)
                    .toList();
        }

        List<TopicItem> items() {
            return messages.stream().<TopicItem>map(Message::getPayload).toList();
        }

        void request(long count) {
            await().until(() -> subscription != null);
            Flow.Subscription given = subscription;
            if (given != null) {
                given.request(count);
            }
        }

        void cancel() {
            Flow.Subscription given = subscription;
            if (given != null) {
                given.cancel();
            }
        }

        void awaitEvents(int count) {
            await().untilAsserted(() -> assertThat(messages).hasSize(count));
        }

        void ack(int index) {
            assertThat(messages.get(index).ack()).isCompleted();
        }

        void ackUpTo(int count) {
            for (int i = 0; i < count; i++) {
                ack(i);
            }
        }

        void nack(int index) {
            assertThat(messages.get(index).nack(new IllegalStateException("refused by the test")))
                    .isCompleted();
        }
    }

    /** In memory, and compares before it sets. */
    private static final class Store implements ReplayStore {

        private final Queue<RuntimeException> failures = new ArrayDeque<>();
        private volatile @Nullable ReplayId checkpoint;

        @Override
        public Uni<Optional<ReplayId>> load(String topic) {
            RuntimeException failure = failures.poll();
            return failure == null
                    ? Uni.createFrom().item(Optional.ofNullable(checkpoint))
                    : Uni.createFrom().failure(failure);
        }

        @Override
        public Uni<Void> idle(String topic, Optional<ReplayId> previous, ReplayId latest) {
            if (!Optional.ofNullable(checkpoint).equals(previous)) {
                return Uni.createFrom().failure(new IllegalStateException("conflict"));
            }
            checkpoint = latest;
            return Uni.createFrom().voidItem();
        }
    }
}
