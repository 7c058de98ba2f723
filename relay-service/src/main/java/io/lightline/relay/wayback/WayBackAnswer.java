package io.lightline.relay.wayback;

import io.lightline.relay.protocol.ErrorCode;

/** What became of an event for Salesforce. */
public sealed interface WayBackAnswer {

    /** @param replayId where it stands on the org's event bus, in base64 */
    record Taken(String replayId) implements WayBackAnswer {}

    /** @param detail for people: names the field that is wrong, never a value */
    record Failed(ErrorCode code, String detail) implements WayBackAnswer {}
}
