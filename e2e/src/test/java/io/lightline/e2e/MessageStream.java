package io.lightline.e2e;

import java.util.ArrayList;
import java.util.List;

/** Publishes numbered messages one after the other, from a thread of its own, and remembers what was acknowledged. */
final class MessageStream implements AutoCloseable {

    private final BackEnd backEnd;
    private final String channel;
    private final List<Position> acknowledged = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    private MessageStream(BackEnd backEnd, String channel) {
        this.backEnd = backEnd;
        this.channel = channel;
        this.thread = Thread.ofVirtual().unstarted(this::publishUntilStopped);
    }

    static MessageStream start(BackEnd backEnd, String channel) {
        var stream = new MessageStream(backEnd, channel);
        stream.thread.start();
        return stream;
    }

    List<Position> acknowledged() {
        synchronized (acknowledged) {
            return List.copyOf(acknowledged);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends it, after the message that is under way. */
    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publishUntilStopped() {
        for (int number = 0; !stopped; number++) {
            backEnd.tryToPublish(channel, Json.object().put("number", number)).ifPresent(position -> {
                synchronized (acknowledged) {
                    acknowledged.add(position);
                }
            });
        }
    }
}
