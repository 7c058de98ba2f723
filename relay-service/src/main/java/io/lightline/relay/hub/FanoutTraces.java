package io.lightline.relay.hub;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Publication;
import io.lightline.platform.TraceTag;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Begins a span of this pod for each publication whose trace is sampled. What is not costs one look at its tags. */
@Singleton
public final class FanoutTraces {

    private final Tracer tracer;

    public FanoutTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.lightline.relay");
    }

    /** Delivery thread. Null when nobody wants to see it; released by the caller otherwise. */
    @Nullable
    FanoutTrace begin(ChannelName channel, Publication publication) {
        Context parent = TraceTag.of(publication.draft().tags());
        if (parent == null) {
            return null;
        }
        Span span = tracer.spanBuilder("fan-out")
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "lightline")
                .setAttribute("messaging.destination.name", channel.name())
                .setAttribute("lightline.tenant", channel.tenant())
                .setAttribute("lightline.offset", publication.offset())
                .startSpan();
        return span.isRecording() ? new FanoutTrace(span) : null;
    }
}
