package io.lightline.salesforce.publish;

import io.lightline.salesforce.event.ReplayId;
import org.jspecify.annotations.Nullable;

/** What became of an {@link EventDraft}. Messages are for people, and name fields and kinds of values, never values. */
public sealed interface PublishOutcome {

    /** Salesforce has taken it. */
    record Published(ReplayId replayId) implements PublishOutcome {}

    /**
     * It is no event of the topic, or Salesforce does not take it as it is. Nothing was published.
     *
     * @param field that is wrong, with the names of those around it; null when it is not one
     */
    record Invalid(@Nullable String field, String message) implements PublishOutcome {}

    /** The org does not let us publish there until somebody changes something. Nothing was published. */
    record Refused(String message) implements PublishOutcome {}

    /** No answer to be had now. It may have been published, unless the message says otherwise: try again with the same id. */
    record Unavailable(String message) implements PublishOutcome {}
}
