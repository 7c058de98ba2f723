package io.lightline.salesforce.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events may be missing between {@code previous} and the next event of the topic: Salesforce no longer knew the position (72
 * hours have passed, the org was moved or a sandbox refreshed), or there was none yet. Who keeps a state that is made of events
 * has to read it anew. It does not move the checkpoint.
 *
 * @param previous the checkpoint in force, after which events may be missing; null when there is none
 * @param reason for people
 * @param detected when it was found; tells two gaps after the same checkpoint apart
 */
public record Gap(String orgId, String topic, @Nullable ReplayId previous, String reason, Instant detected)
        implements TopicItem {

    /** {@code gap:<previous>:<milliseconds>}, or {@code gap:start:<milliseconds>} where nothing came before. */
    @Override
    public String id() {
        return "gap:" + (previous == null ? "start" : previous.base64()) + ":" + detected.toEpochMilli();
    }
}
