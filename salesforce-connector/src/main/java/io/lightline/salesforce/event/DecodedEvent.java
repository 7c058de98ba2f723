package io.lightline.salesforce.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of an event say by themselves; see {@link SalesforceEvent} for what each part is.
 *
 * @param payload the fields as a JSON object in UTF-8
 */
public record DecodedEvent(
        String name, @Nullable Instant occurred, @Nullable ChangeEventHeader change, byte[] payload) {}
