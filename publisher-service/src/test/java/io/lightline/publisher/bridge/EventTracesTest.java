package io.lightline.publisher.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Receipt;
import io.lightline.publisher.route.Reading;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.Arrival;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

class EventTracesTest {

    private static final String TOPIC = "/event/Order__e";
    private static final ReplayId AT = ReplayId.of(new byte[] {1});
    private static final Instant RECEIVED = Instant.ofEpochSecond(1_764_000_000L);
    private static final Arrival ARRIVAL = new Arrival(RECEIVED, RECEIVED.plusMillis(3));

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    @Test
    void anEventHasASpanFromItsArrivalToTheBackplanesAnswerAndTakesItAlong() {
        // when
        Message<Draft> message = publish(Sampler.alwaysOn(), event());
        assertThat(message.ack(Metadata.of(new Receipt(false)))).isCompleted();

        // then
        SpanData receive = span("receive");
        SpanData decode = span("decode");
        SpanData publish = span("publish");
        assertThat(nanos(RECEIVED)).isEqualTo(receive.getStartEpochNanos()).isEqualTo(decode.getStartEpochNanos());
        assertThat(decode.getEndEpochNanos()).isEqualTo(nanos(ARRIVAL.decoded()));
        assertThat(List.of(decode, publish))
                .extracting(SpanData::getParentSpanId)
                .containsOnly(receive.getSpanId());
        assertThat(receive.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                .isEqualTo("e-1");
        assertThat(publish.getAttributes().get(AttributeKey.stringKey("lightline.outcome")))
                .isEqualTo("published");
        assertThat(message.getPayload().tags())
                .containsEntry("traceparent", "00-" + receive.getTraceId() + "-" + publish.getSpanId() + "-01")
                .containsEntry("eventUuid", "e-1");
    }

    @Test
    void aRefusalIsAnErrorOfThePublication() {
        // when
        Message<Draft> message = publish(Sampler.alwaysOn(), event());
        assertThat(message.nack(new IllegalStateException("Redis is away"))).isCompleted();

        // then
        assertThat(span("publish").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("publish").getAttributes().get(AttributeKey.stringKey("lightline.outcome")))
                .isEqualTo("failure");
        assertThat(span("receive").hasEnded()).isTrue();
    }

    @Test
    void whatIsNotSampledLeavesNoTrace() {
        // when
        Message<Draft> message = publish(Sampler.alwaysOff(), event());
        assertThat(message.ack(Metadata.of(new Receipt(false)))).isCompleted();

        // then
        assertThat(message.getPayload().tags()).doesNotContainKey("traceparent");
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void aGapThatComesFromNowhereHasNoTrace() {
        // when
        Message<Draft> message =
                publish(Sampler.alwaysOn(), Message.of(new Gap("00D", TOPIC, null, "forgotten", RECEIVED)));

        // then
        assertThat(message.getPayload().tags()).doesNotContainKey("traceparent");
    }

    private Message<Draft> publish(Sampler sampler, Message<? extends TopicItem> message) {
        var telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
        var route = new Route(new TopicName("acme", TOPIC), new ChannelName("tenant", "orders"), false);
        return new Bridge(new SimpleMeterRegistry(), new EventTraces(telemetry))
                .publish(message.withPayload((TopicItem) message.getPayload())
                        .addMetadata(new Reading(route, 7, List.of(), () -> {})));
    }

    private static Message<TopicItem> event() {
        TopicItem event = new SalesforceEvent(
                "00D",
                TOPIC,
                AT,
                null,
                "e-1",
                "Order__e",
                "s-1",
                null,
                null,
                "{\"A\":1}".getBytes(StandardCharsets.UTF_8));
        return Message.of(
                event,
                Metadata.of(ARRIVAL),
                () -> CompletableFuture.completedStage(null),
                _ -> CompletableFuture.completedStage(null));
    }

    private SpanData span(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
