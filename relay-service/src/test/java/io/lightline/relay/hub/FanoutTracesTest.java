package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.TestConfig;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanoutTracesTest {

    private static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final InMemoryBackplane backplane =
            new InMemoryBackplane(new InMemoryStore(), TestConfig.of(BackplaneConfig.class, Map.of()));
    private final Hub hub = Hubs.started(backplane, new SimpleMeterRegistry(), telemetry, Map.of());
    /** Two event loops that work when a test tells them to, or at once. */
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();

    private final FanoutLoop patient = new FanoutLoop(work::add);
    private final FanoutLoop prompt = new FanoutLoop(Runnable::run);

    @AfterEach
    void close() {
        backplane.close().await().indefinitely();
        telemetry.close();
    }

    @Test
    void aSampledPublicationHasOneSpanForAllSubscribersOfThePod() {
        // given
        var listeners = Stream.of(prompt, prompt, prompt)
                .map(loop -> new Listener(hub, ORDERS, loop))
                .toList();
        listeners.forEach(Listener::listens);
        listeners.getFirst().answer = Delivery.SLOW;

        // when
        publish(Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));

        // then
        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("fan-out");
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "/event/Order__e")
                .containsEntry(AttributeKey.stringKey("lightline.tenant"), "acme")
                .containsEntry(AttributeKey.longKey("lightline.offset"), 1L)
                .containsEntry(AttributeKey.longKey("lightline.subscribers"), 3L)
                .containsEntry(AttributeKey.longKey("lightline.delivered"), 2L);
    }

    @Test
    void theSpanEndsWhenTheLastEventLoopHasFlushed() {
        // given
        var soon = new Listener(hub, ORDERS, prompt);
        soon.listens();
        var late = new Listener(hub, ORDERS, patient);
        late.join(null);
        await().untilAsserted(() -> {
            runWork();
            assertThat(late.position).isNotNull();
        });

        // when
        publish(Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
        await().untilAsserted(() -> assertThat(soon.flushes).hasPositiveValue());
        await().until(() -> !work.isEmpty());

        // then
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        runWork();
        assertThat(onlySpan().getAttributes().get(AttributeKey.longKey("lightline.delivered")))
                .isEqualTo(2);
        assertThat(late.flushes).hasPositiveValue();
    }

    @Test
    void whatIsNotSampledOrHasNoSubscribersHasNoSpan() {
        // given
        publish(Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
        var alice = new Listener(hub, ORDERS, prompt);
        alice.listens();

        // when
        publish(Map.of("topic", "/event/Order__e"));
        publish(Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00"));
        publish(Map.of("traceparent", "nonsense"));

        // then
        alice.awaitOffsets(2, 4);
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    private void publish(Map<String, String> tags) {
        backplane
                .publish(
                        ORDERS,
                        new Draft(RawJson.of("1"), null, tags, Instant.now()),
                        PublishOptions.keeping(new Retention(10, Duration.ofMinutes(1))))
                .await()
                .indefinitely();
    }

    private void runWork() {
        for (Runnable task = work.poll(); task != null; task = work.poll()) {
            task.run();
        }
    }

    private SpanData onlySpan() {
        await().untilAsserted(() -> assertThat(exporter.getFinishedSpanItems()).hasSize(1));
        List<SpanData> spans = exporter.getFinishedSpanItems();
        return spans.getFirst();
    }
}
