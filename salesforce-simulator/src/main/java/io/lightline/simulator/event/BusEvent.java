package io.lightline.simulator.event;

import com.google.protobuf.ByteString;
import java.time.Instant;

/** An event at its place on the bus. {@code topic} is the one it was published to; a channel may carry it as well. */
public record BusEvent(ReplayId replayId, Instant at, String topic, String id, String schemaId, ByteString payload) {}
