package io.lightline.simulator.event;

import com.google.protobuf.ByteString;

/** An event that has no place on the bus yet. {@code id} is its unique id, a UUID unless the publisher chose another. */
public record EventDraft(String topic, String id, String schemaId, ByteString payload) {}
