package io.lightline.salesforce.pubsub;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.salesforce.auth.LoginFailedException;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.ScriptedPubSub.Call;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
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

/** A stream over a {@link ScriptedPubSub}, and a consumer that asks and answers when a test tells it. */
abstract class StreamFixture {

    static final String TOPIC = "/event/Order__e";
    static final Duration LONG = Duration.ofMinutes(10);

    static final Duration QUOTA = Duration.ofMinutes(30);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    final AtomicInteger logins = new AtomicInteger();
    final Consumer consumer = new Consumer();
    final Store store = new Store();
    ScriptedPubSub server;
    private ManagedChannel channel;
    SalesforceStream stream;
    volatile boolean loginFails;
    boolean loginFailurePasses = true;
    Duration watchdog = LONG;
    Duration settle = Duration.ZERO;

    /** Where the topic's stream before was. */
    @Nullable
    ReplayId remembered;

    Duration longestPause = Duration.ofMillis(50);
    Duration operatorPause = LONG;
    InitialReplay initialReplay = InitialReplay.LATEST;
    LostPosition onLostPosition = LostPosition.LATEST;

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

    SalesforceStream startStream(int window, ReplayStore replayStore) {
        stream = newStream(window, replayStore);
        stream.subscribe(consumer);
        return stream;
    }

    private SalesforceStream newStream(int window, ReplayStore replayStore) {
        var client = new PubSubClient(channel);
        var tokens = new TokenSource(this::login, LONG);
        var settings = new StreamSettings(
                TOPIC,
                initialReplay,
                onLostPosition,
                window,
                watchdog,
                settle,
                LONG,
                new StreamSettings.Pauses(Duration.ofMillis(1), longestPause, operatorPause, QUOTA));
        return new SalesforceStream(
                settings,
                client,
                tokens,
                new SchemaCache(client, tokens, thread),
                replayStore,
                remembered,
                new StreamStatistics(),
                thread);
    }

    private Token login() {
        int number = logins.incrementAndGet();
        if (loginFails) {
            throw new LoginFailedException("scripted", loginFailurePasses);
        }
        return new Token("token-" + number, URI.create("https://org.example"), "00D000000000001EAA");
    }

    String streamState() {
        return stream.status().state();
    }

    /** The n-th call, once it has been made. */
    Call call(int number) {
        await().untilAsserted(() -> {
            assertThat(server.calls()).hasSizeGreaterThanOrEqualTo(number);
            assertThat(server.calls().get(number - 1).requests()).isNotEmpty();
        });
        return server.calls().get(number - 1);
    }

    FetchRequest firstRequest(int number) {
        return call(number).requests().getFirst();
    }

    static ByteString bytes(int number) {
        return ByteString.copyFrom(replayId(number).bytes());
    }

    /** Keeps what it gets and answers when told. */
    static final class Consumer implements Flow.Subscriber<Message<TopicItem>> {

        private final List<Message<TopicItem>> messages = new CopyOnWriteArrayList<>();
        private final List<Message<TopicItem>> gaps = new CopyOnWriteArrayList<>();
        /** Everything in the order in which it came. */
        final List<String> order = new CopyOnWriteArrayList<>();

        private volatile Flow.@Nullable Subscription subscription;
        volatile @Nullable Throwable error;
        volatile boolean completed;
        volatile boolean holdsGaps;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Message<TopicItem> message) {
            order.add(message.getPayload().id());
            if (message.getPayload() instanceof Gap) {
                gaps.add(message);
                if (!holdsGaps) {
                    assertThat(message.ack()).isCompleted();
                }
            } else {
                messages.add(message);
            }
        }

        @Override
        public void onError(Throwable failure) {
            error = failure;
        }

        @Override
        public void onComplete() {
            completed = true;
        }

        List<SalesforceEvent> events() {
            return items().stream()
                    .filter(SalesforceEvent.class::isInstance)
                    .map(SalesforceEvent.class::cast)
                    .toList();
        }

        Message<TopicItem> message(int index) {
            return messages.get(index);
        }

        List<TopicItem> items() {
            return messages.stream().<TopicItem>map(Message::getPayload).toList();
        }

        List<Gap> gaps() {
            return gaps.stream().map(message -> (Gap) message.getPayload()).toList();
        }

        void awaitGaps(int count) {
            await().untilAsserted(() -> assertThat(gaps).hasSize(count));
        }

        void ackGap(int index) {
            assertThat(gaps.get(index).ack()).isCompleted();
        }

        void nackGap(int index) {
            assertThat(gaps.get(index).nack(new IllegalStateException("refused by the test")))
                    .isCompleted();
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
    static final class Store implements ReplayStore {

        final Queue<RuntimeException> failures = new ArrayDeque<>();
        volatile @Nullable ReplayId checkpoint;
        /** How often somebody has begun without a checkpoint. */
        final AtomicInteger begun = new AtomicInteger();

        @Override
        public Uni<Boolean> begin(String topic) {
            return Uni.createFrom().item(begun.getAndIncrement() > 0);
        }

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
