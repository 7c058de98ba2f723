package io.lightline.publisher.bridge;

import io.lightline.publisher.route.Reading;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.Arrival;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Begins the trace of each event, or of some of them: {@code receive}, from Salesforce's response to the backplane's answer, and within it
 * {@code decode} and {@code publish}. What comes from nowhere, a gap, has none.
 */
@Singleton
final class EventTraces {

    private final Tracer tracer;

    EventTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.lightline.publisher");
    }

    EventTrace begin(Message<TopicItem> message, Reading reading) {
        Optional<Arrival> arrival = message.getMetadata(Arrival.class);
        return arrival.isEmpty() ? EventTrace.NONE : begin(message.getPayload(), arrival.get(), reading);
    }

    private EventTrace begin(TopicItem item, Arrival arrival, Reading reading) {
        Span receive = tracer.spanBuilder("receive")
                .setNoParent()
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(arrival.received())
                .startSpan();
        if (!receive.isRecording()) {
            return EventTrace.NONE;
        }
        receive.setAttribute("messaging.system", "salesforce");
        receive.setAttribute("messaging.destination.name", item.topic());
        receive.setAttribute("messaging.message.id", item.id());
        receive.setAttribute("lightline.org", reading.route().topic().org());
        var within = Context.root().with(receive);
        tracer.spanBuilder("decode")
                .setParent(within)
                .setStartTimestamp(arrival.received())
                .startSpan()
                .end(arrival.decoded());
        Span publish = tracer.spanBuilder("publish")
                .setParent(within)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("messaging.system", "lightline")
                .setAttribute(
                        "messaging.destination.name", reading.route().channel().name())
                .setAttribute("lightline.tenant", reading.route().channel().tenant())
                .startSpan();
        return new EventTrace(receive, publish);
    }
}
