package io.lightline.simulator.fault;

/** A fault as it stands: how often it has struck, and how many events, responses or calls are left until it strikes. */
public record FaultInfo(String id, Strike strike, Trigger trigger, int struck, int left, boolean active) {}
