package io.lightline.backplane;

import static io.lightline.backplane.TestPod.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackplaneConnectorTest {

    private static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");
    private static final HistoryQuery ALL = new HistoryQuery(null, Integer.MAX_VALUE, false);

    private final TestPod pod = new TestPod(new InMemoryBackplane(new InMemoryStore(), TestConfig.defaults()));
    private final BackplaneConnector connector = new BackplaneConnector(pod.backplane());
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final AtomicLong requested = new AtomicLong();

    @AfterEach
    void close() {
        pod.close();
    }

    @Test
    void messagesAreAcknowledgedOnceTheyArePublishedInTheOrderOfTheStream() {
        // given
        var stream = stream(Map.of("tenant", "acme", "channel", "/event/Order__e"));

        // when
        IntStream.range(0, 100).forEach(i -> stream.onNext(message("m" + i, draft("m" + i))));

        // then
        var expected = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answers)
                        .containsExactlyElementsOf(
                                expected.stream().map(m -> m + " acked").toList()));
        assertThat(pod.readsTexts(ORDERS, ALL))
                .containsExactlyElementsOf(
                        expected.stream().map(TestPod::quoted).toList());
    }

    @Test
    void aFreePlaceIsARequest() {
        // given
        var stream = stream(Map.of("tenant", "acme", "channel", "/event/Order__e", "max-in-flight", "3"));
        assertThat(requested).hasValue(3);

        // when
        stream.onNext(message("one", draft("one")));
        stream.onNext(message("broken", "not a draft"));

        // then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> assertThat(requested).hasValue(5));
    }

    @Test
    void metadataSaysWhereAMessageGoes() {
        // given
        var stream = stream(Map.of("tenant", "acme", "channel", "/event/Order__e"));
        var elsewhere = new ChannelName("other", "chat:room");

        // when
        stream.onNext(message("m", draft("m")).addMetadata(OutgoingPublication.to(elsewhere)));

        // then
        await().atMost(TestPod.LIMIT).untilAsserted(() -> assertThat(answers).containsExactly("m acked"));
        assertThat(pod.readsTexts(elsewhere, ALL)).containsExactly("\"m\"");
        assertThat(pod.readsTexts(ORDERS, ALL)).isEmpty();
    }

    @Test
    void aStreamMayKeepNoHistory() {
        // given
        var stream = stream(Map.of("tenant", "acme", "channel", "/event/Order__e", "history-size", "0"));
        pod.subscribes(ORDERS);

        // when
        stream.onNext(message("m", draft("m")));

        // then
        pod.hears("\"m\"");
        assertThat(pod.readsTexts(ORDERS, ALL)).isEmpty();
    }

    @Test
    void messagesOfASourceMoveItsCheckpointAndAreDeduplicated() {
        // given
        var stream = stream(Map.of());

        // when
        stream.onNext(event("a", Optional.empty(), "r1"));
        stream.onNext(event("b", Optional.of("r1"), "r2"));
        stream.onNext(event("b", Optional.of("r2"), "r3"));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answers).containsExactly("a acked", "b acked", "b acked"));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"b\"");
        assertThat(TestPod.answer(pod.backplane().checkpoint(ORDERS))).contains("r3");
    }

    @Test
    void whatBuildsOnAFailedMessageFailsTooAndANewChainMayBegin() {
        // given
        var stream = stream(Map.of());
        stream.onNext(event("a", Optional.empty(), "r1"));

        // when
        stream.onNext(event("b", Optional.of("conflict"), "r2"));
        stream.onNext(event("c", Optional.of("r2"), "r3"));
        stream.onNext(event("d", Optional.of("r1"), "r4"));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answers)
                        .containsExactly(
                                "a acked",
                                "b nacked CheckpointConflictException",
                                "c nacked CheckpointConflictException",
                                "d acked"));
        assertThat(pod.readsTexts(ORDERS, ALL)).containsExactly("\"a\"", "\"d\"");
    }

    @Test
    void aMessageThatFailedIsNotPassedOverInAStoreWithoutACheckpoint() {
        // given
        var stream = stream(Map.of());

        // when
        stream.onNext(message("a", "not a draft")
                .addMetadata(OutgoingPublication.from(ORDERS, "a", Checkpoint.move(Optional.empty(), "r1", 0))));
        stream.onNext(event("b", Optional.of("r1"), "r2"));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answers)
                        .containsExactly("a nacked IllegalArgumentException", "b nacked CheckpointConflictException"));
        assertThat(TestPod.answer(pod.backplane().checkpoint(ORDERS))).isEmpty();
    }

    @Test
    void aMessageWithoutAChannelIsRefused() {
        // given
        var stream = stream(Map.of());

        // when
        stream.onNext(message("m", draft("m")));

        // then
        await().atMost(TestPod.LIMIT)
                .untilAsserted(() -> assertThat(answers).containsExactly("m nacked IllegalArgumentException"));
    }

    @Test
    void aTargetWithoutATenantIsRefusedAtTheStart() {
        assertThatThrownBy(() -> stream(Map.of("channel", "/event/Order__e")))
                .hasMessage("Stream out has the attribute 'channel', so it needs 'tenant' too");
    }

    @Test
    void aClosedBackplaneIsNotReadyAndAFailedStreamIsNotAlive() {
        // given
        var stream = stream(Map.of());
        assertThat(connector.getReadiness().isOk()).isTrue();
        assertThat(connector.getLiveness().isOk()).isTrue();

        // when
        pod.close();
        stream.onError(new IllegalStateException("thrown by a test's stream"));

        // then
        assertThat(connector.getReadiness().isOk()).isFalse();
        assertThat(connector.getReadiness().getChannels().getFirst().getMessage())
                .isEqualTo("closed");
        assertThat(connector.getLiveness().isOk()).isFalse();
    }

    @SuppressWarnings("unchecked")
    private Flow.Subscriber<Message<?>> stream(Map<String, String> attributes) {
        var all = new HashMap<>(attributes);
        all.put("channel-name", "out");
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build();
        var subscriber = (Flow.Subscriber<Message<?>>) connector.getSubscriber(config);
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {
                requested.addAndGet(more);
            }

            @Override
            public void cancel() {}
        });
        return subscriber;
    }

    private Message<Draft> event(String id, Optional<String> expected, String next) {
        return message(id, draft(id))
                .addMetadata(OutgoingPublication.from(ORDERS, id, Checkpoint.move(expected, next, 0)));
    }

    private <T> Message<T> message(String name, T payload) {
        return Message.of(
                payload,
                Metadata.empty(),
                () -> {
                    answers.add(name + " acked");
                    return CompletableFuture.completedFuture(null);
                },
                cause -> {
                    answers.add(name + " nacked " + cause.getClass().getSimpleName());
                    return CompletableFuture.completedFuture(null);
                });
    }
}
