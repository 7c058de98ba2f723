package io.lightline.simulator.pubsub;

/** An open subscription: its topic, the replay id (hex) up to which it was served, and what it still owes. */
public record StreamInfo(String topic, String position, int pendingNumRequested) {}
