package io.lightline.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class TraceTagTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Map<String, String> TAGS = Map.of("topic", "/event/Order__e");

    @Test
    void theContextOfASampledSpanTravelsInTheTagsAndComesOut() {
        // when
        var tags = TraceTag.on(TAGS, span(TraceFlags.getSampled()));
        SpanContext parent = Span.fromContext(TraceTag.of(tags)).getSpanContext();

        // then
        assertThat(tags)
                .isEqualTo(Map.of("topic", "/event/Order__e", "traceparent", "00-" + TRACE + "-" + SPAN + "-01"));
        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getSpanId()).isEqualTo(SPAN);
        assertThat(parent.isRemote()).isTrue();
    }

    @Test
    void whatIsNotSampledLeavesTheTagsAsTheyAre() {
        assertThat(TraceTag.on(TAGS, span(TraceFlags.getDefault()))).isSameAs(TAGS);
        assertThat(TraceTag.on(TAGS, SpanContext.getInvalid())).isSameAs(TAGS);
        assertThat(TraceTag.of(TAGS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no traceparent",
                "00-" + TRACE + "-" + SPAN + "-00",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "ff-" + TRACE + "-" + SPAN + "-01"
            })
    void aTagThatIsNoneOrNotSampledIsNoParent(String traceparent) {
        assertThat(TraceTag.of(Map.of("traceparent", traceparent))).isNull();
    }

    private static SpanContext span(TraceFlags flags) {
        return SpanContext.create(
                TRACE, SPAN, flags, TraceState.builder().put("vendor", "secret").build());
    }
}
