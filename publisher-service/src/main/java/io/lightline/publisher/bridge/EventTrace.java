package io.lightline.publisher.bridge;

import io.lightline.backplane.Draft;
import io.lightline.platform.TraceTag;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/**
 * The open spans of one event. Any thread.
 *
 * @param receive all of its way
 * @param publish what lies between us and the backplane's answer: the parent of what relays do with it
 */
record EventTrace(Span receive, Span publish) {

    /** Of an event that is not sampled. */
    static final EventTrace NONE = new EventTrace(Span.getInvalid(), Span.getInvalid());

    /** Takes the trace along to the relays. */
    Draft on(Draft draft) {
        return this == NONE
                ? draft
                : new Draft(
                        draft.data(), draft.info(), TraceTag.on(draft.tags(), publish.getSpanContext()), draft.time());
    }

    /** @param outcome in one word, as the metrics have it */
    void published(String outcome) {
        publish.setAttribute("lightline.outcome", outcome);
        end();
    }

    /** It will be read again, or somebody else has it. */
    void refused(String reason) {
        publish.setAttribute("lightline.outcome", reason);
        publish.setStatus(StatusCode.ERROR);
        end();
    }

    private void end() {
        publish.end();
        receive.end();
    }
}
