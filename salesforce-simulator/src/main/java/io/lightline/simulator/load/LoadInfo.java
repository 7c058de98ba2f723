package io.lightline.simulator.load;

/** What a source has made: its rate over its whole time, and how long it had to wait for a slow subscriber. */
public record LoadInfo(
        String id,
        String topic,
        long produced,
        double eventsPerSecond,
        long millis,
        long heldBackMillis,
        boolean running) {}
