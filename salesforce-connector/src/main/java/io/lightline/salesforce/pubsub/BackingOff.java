package io.lightline.salesforce.pubsub;

import java.time.Duration;

/** Pauses, then tries again. */
final class BackingOff extends State {

    private final Duration pause;
    private final String reason;
    private final Alarm alarm;

    BackingOff(SalesforceStream stream, Duration pause, String reason) {
        super(stream);
        this.pause = pause;
        this.reason = reason;
        this.alarm = new Alarm(stream.thread(), this::wakeUp);
    }

    @Override
    String describe() {
        return "pausing for " + pause + ": " + reason;
    }

    @Override
    void enter() {
        alarm.set(pause);
    }

    @Override
    void leave() {
        alarm.stop();
    }

    private void wakeUp() {
        if (current()) {
            stream.become(new Resuming(stream));
        }
    }
}
