package io.lightline.platform;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context of a sampled publication, as it travels between pods: in the publication's tag {@value #NAME}. The
 * vendor's part ({@code tracestate}) and baggage stay behind, because clients see the tags.
 */
public final class TraceTag {

    public static final String NAME = "traceparent";

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> ONLY_ITSELF = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(Map<String, String> tags) {
            return tags.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> tags, String key) {
            return tags == null || !key.equals(NAME) ? null : tags.get(key);
        }
    };

    private TraceTag() {}

    /** The tags together with a span's context; without it when the span is not sampled. */
    public static Map<String, String> on(Map<String, String> tags, SpanContext span) {
        if (!span.isSampled()) {
            return tags;
        }
        var tagged = new HashMap<>(tags);
        W3C.inject(Context.root().with(Span.wrap(span)), tagged, (carrier, key, value) -> {
            if (carrier != null && key.equals(NAME)) {
                carrier.put(key, value);
            }
        });
        return tagged;
    }

    /** What to make the parent of what follows; null when the publication is not sampled, which costs one look-up. */
    public static @Nullable Context of(Map<String, String> tags) {
        if (!tags.containsKey(NAME)) {
            return null;
        }
        Context context = W3C.extract(Context.root(), tags, ONLY_ITSELF);
        return Span.fromContext(context).getSpanContext().isSampled() ? context : null;
    }
}
